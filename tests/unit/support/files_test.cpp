#include "support/files.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <thread>

#include "../temporary_folder.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;
using std::chrono::milliseconds;
namespace fs = std::filesystem;

namespace {

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  REQUIRE(::lstat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

ErrorKind kind_of_failure(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.kind();
  }
  FAIL("nothing was thrown");
  return ErrorKind::Internal;
}

}  // namespace

TEST_CASE("a file is read back as it was written, whatever its bytes and its name") {
  const TemporaryFolder folder;
  const std::string bytes("\0\xFF\r\n\x80 text", 10);
  for (const char* name : {"plain", "with space", "n\xC3\xA4me", "new\nline", "\xFF"}) {
    write_file(folder.path() / name, bytes);
    CHECK(read_file(folder.path() / name) == bytes);
  }
  write_file(folder.path() / "plain", "");
  CHECK(read_file(folder.path() / "plain").empty());
  const std::string large(3'000'000, 'x');
  write_file(folder.path() / "large", large);
  CHECK(read_file(folder.path() / "large") == large);
}

TEST_CASE("a missing file is told from one that cannot be read") {
  const TemporaryFolder folder;
  folder.write("file", "content");
  const fs::path missing = folder.path() / "missing";
  CHECK(kind_of_failure([&] { read_file(missing); }) == ErrorKind::NotFound);
  CHECK_THROWS_WITH_AS(read_file(missing), doctest::Contains(missing.c_str()), Error);
  CHECK(kind_of_failure([&] { read_file(folder.path()); }) == ErrorKind::Io);
  CHECK(read_file_if_exists(missing) == std::nullopt);
  // A file where a folder would have to be.
  CHECK(read_file_if_exists(folder.path() / "file" / "below") == std::nullopt);
  CHECK_THROWS_AS(read_file_if_exists(folder.path()), Error);
}

TEST_CASE("what is told of a process that ends meanwhile is missing, and no failure") {
  for (int turn = 0; turn < 200; ++turn) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    std::thread reaper([child] { ::waitpid(child, nullptr, 0); });
    const auto file = std::filesystem::path("/proc") / std::to_string(child) / "comm";
    CHECK_NOTHROW(while (read_file_if_exists(file)){});
    reaper.join();
  }
}

TEST_CASE("what is no plain file in the place of one is an error, and nobody waits for it") {
  const TemporaryFolder folder;
  const auto fifo = folder.path() / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  const auto endless = folder.path() / "endless";
  std::filesystem::create_symlink("/dev/zero", endless);
  const auto sparse = folder.path() / "sparse";
  std::ofstream(sparse).put('x');
  std::filesystem::resize_file(sparse, std::uintmax_t{1} << 40U);
  for (const auto& file : {fifo, endless, sparse, folder.path()})
    CHECK_THROWS_AS(read_file_if_exists(file), Error);
  const auto nowhere = folder.path() / "nowhere";
  std::filesystem::create_symlink(folder.path() / "missing" / "file", nowhere);
  CHECK_FALSE(read_file_if_exists(nowhere));
  CHECK_THROWS_AS(FileLock::try_acquire(nowhere), Error);
}

TEST_CASE("only plain files are read from places that belong to others, and only so much of them") {
  const TemporaryFolder folder;
  folder.write("file", "0123456789");
  fs::create_symlink("file", folder.path() / "link");
  REQUIRE(::mkfifo((folder.path() / "fifo").c_str(), 0600) == 0);
  CHECK(read_regular_file(folder.path() / "file", 100) == "0123456789");
  CHECK(read_regular_file(folder.path() / "file", 4) == "0123");
  CHECK(read_regular_file(folder.path() / "link", 100) == std::nullopt);
  CHECK(read_regular_file(folder.path() / "fifo", 100) == std::nullopt);
  CHECK(read_regular_file(folder.path(), 100) == std::nullopt);
  CHECK(read_regular_file(folder.path() / "missing", 100) == std::nullopt);
  CHECK(read_regular_file("/dev/zero", 100) == std::nullopt);
}

TEST_CASE("writing makes private files in private folders and leaves nothing else behind") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "a" / "b c" / "file";
  const mode_t mask = ::umask(0);
  write_file(file, "one");
  ::umask(mask);
  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(folder.path() / "a") == 0700);
  CHECK(mode_of(folder.path() / "a" / "b c") == 0700);
  write_file(file, "two");
  CHECK(read_file(file) == "two");
  CHECK(std::distance(fs::directory_iterator(file.parent_path()), {}) == 1);
}

TEST_CASE("writing replaces a symbolic link and leaves what it points at alone") {
  const TemporaryFolder folder;
  folder.write("target", "untouched");
  fs::create_symlink("target", folder.path() / "link");
  write_file(folder.path() / "link", "new");
  CHECK(folder.read("target") == "untouched");
  CHECK(read_regular_file(folder.path() / "link", 10) == "new");
}

TEST_CASE("a write that cannot succeed says where and leaves no temporary file") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "folder" / "below");
  CHECK_THROWS_WITH_AS(write_file(folder.path() / "folder", "x"), doctest::Contains("folder"), Error);
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
  folder.write("file", "");
  CHECK_THROWS_AS(write_file(folder.path() / "file" / "below", "x"), Error);
  CHECK_THROWS_AS(create_private_directories(folder.path() / "file" / "below"), Error);
}

TEST_CASE("readers see the old or the new content, never a part") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "file";
  write_file(file, std::string(100'000, 'a'));
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int round = 0; round < 40; ++round) write_file(file, std::string(100'000, round % 2 ? 'a' : 'b'));
    done = true;
  });
  bool whole = true;
  while (!done) {
    const std::string content = read_file(file);
    whole = whole && content == std::string(100'000, content.at(0));
  }
  writer.join();
  CHECK(whole);
}

TEST_CASE("disk usage counts blocks, hard links once, and follows no link") {
  const TemporaryFolder folder;
  const fs::path tree = folder.path() / "tree";
  CHECK(disk_usage(tree) == 0);
  folder.write("tree/one", std::string(100'000, 'x'));
  const auto one = disk_usage(tree);
  CHECK(one >= 100'000);
  fs::create_hard_link(tree / "one", tree / "again");
  CHECK(disk_usage(tree) == one);
  folder.write("outside/large", std::string(1'000'000, 'x'));
  fs::create_directory_symlink(folder.path() / "outside", tree / "link");
  fs::create_directory_symlink(".", tree / "loop");
  CHECK(disk_usage(tree) < one + 100'000);
  folder.write("tree/below/two", std::string(200'000, 'x'));
  CHECK(disk_usage(tree) >= one + 200'000);
  CHECK(disk_usage(tree / "one") >= 100'000);
}

TEST_CASE("a lock has one holder at a time and can be taken again") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "new folder" / "lock";
  CHECK_FALSE(is_locked(file));
  CHECK_FALSE(fs::exists(file));
  {
    auto lock = FileLock::try_acquire(file);
    REQUIRE(lock);
    CHECK(is_locked(file));
    CHECK_FALSE(FileLock::try_acquire(file));
    CHECK_FALSE(FileLock::acquire(file, milliseconds(5)));
    const FileLock moved = std::move(*lock);
    lock.reset();
    CHECK(is_locked(file));
  }
  CHECK_FALSE(is_locked(file));
  CHECK(FileLock::try_acquire(file));
}

TEST_CASE("a lock ends with its process") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "lock";
  int ready[2];
  int leave[2];
  REQUIRE(::pipe(ready) == 0);
  REQUIRE(::pipe(leave) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = FileLock::try_acquire(file);
    char byte = lock ? 'y' : 'n';
    if (::write(ready[1], &byte, 1) != 1 || ::read(leave[0], &byte, 1) != 1) ::_exit(1);
    ::_exit(0);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK(byte == 'y');
  CHECK(is_locked(file));
  CHECK_FALSE(FileLock::try_acquire(file));
  REQUIRE(::write(leave[1], &byte, 1) == 1);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK_FALSE(is_locked(file));
  for (const int end : {ready[0], ready[1], leave[0], leave[1]}) ::close(end);
}

TEST_CASE("holders that remove the lock's file never leave two holders") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "lock";
  std::atomic<int> holders = 0;
  std::atomic<bool> alone = true;
  std::vector<std::thread> crowd;
  for (int thread = 0; thread < 4; ++thread) {
    crowd.emplace_back([&] {
      for (int round = 0; round < 2000; ++round) {
        const auto lock = FileLock::try_acquire(file);
        if (!lock) continue;
        if (++holders != 1) alone = false;
        std::this_thread::yield();
        --holders;
        fs::remove(file);
      }
    });
  }
  for (std::thread& one : crowd) one.join();
  CHECK(alone);
}

TEST_CASE("what is made in a folder that a group shares is the group's, elsewhere the owner's alone") {
  const TemporaryFolder place;
  const auto fill = [&](const fs::path& folder) {
    write_file(folder / "below" / "file", "x");
    static_cast<void>(FileLock::acquire(folder / "lock", milliseconds(0)));
  };
  const auto own = place.path() / "own";
  fill(own);
  CHECK(mode_of(own) == 0700);
  CHECK(mode_of(own / "below") == 0700);
  CHECK(mode_of(own / "below" / "file") == 0600);
  CHECK(mode_of(own / "lock") == 0600);

  const auto shared = place.path() / "shared";
  fs::create_directory(shared);
  REQUIRE(::chmod(shared.c_str(), 02770) == 0);
  fill(shared);
  CHECK(mode_of(shared / "below") == 02770);
  CHECK(mode_of(shared / "below" / "file") == 0660);
  CHECK(mode_of(shared / "lock") == 0660);
  // Without the right to write for the group the bit alone shares nothing.
  REQUIRE(::chmod((shared / "below").c_str(), 02700) == 0);
  write_file(shared / "below" / "again", "x");
  CHECK(mode_of(shared / "below" / "again") == 0600);
}
