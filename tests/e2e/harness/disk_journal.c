// Loaded before the C library: notes which files and folders are made to last, and which are renamed, in their order.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void note(const char *verb, const char *path) {
  const char *journal = getenv("DISK_JOURNAL");
  if (!journal) return;
  char line[2 * PATH_MAX];
  const int length = snprintf(line, sizeof line, "%s %s\n", verb, path);
  const int file = open(journal, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return;
  if (write(file, line, (size_t)length) != length) abort();
  close(file);
}

int fsync(int descriptor) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  const int result = ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
  if (length > 0) {
    path[length] = '\0';
    note("synced", path);
  }
  return result;
}

int rename(const char *from, const char *to) {
  const int result = ((int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename"))(from, to);
  note("renamed", to);
  return result;
}
