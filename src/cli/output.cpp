#include "cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

[[noreturn]] void fail(int reason) {
  throw Error(ErrorKind::Io,
              fmt::format("could not write to standard output: {}", std::generic_category().message(reason)),
              "the answer is not complete; what the command has done stays done");
}

/// The digits of hashes and ids are fewer, or have letters among them.
std::string with_short_numbers(std::string_view line) {
  constexpr std::size_t longest = 64;
  constexpr std::size_t shown = 20;
  std::string text;
  while (!line.empty()) {
    const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
    text += line.substr(0, digits > longest ? shown : digits);
    if (digits > longest) text += "…";
    line.remove_prefix(digits);
    const std::size_t others = std::min(line.find_first_of("0123456789"), line.size());
    text += line.substr(0, others);
    line.remove_prefix(others);
  }
  return text;
}

}  // namespace

void print_out(std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::ferror(stdout) != 0)
    fail(errno == 0 ? EIO : errno);
}

void flush_out() {
  errno = 0;
  // After a failed write the buffer is empty, and flushing it again succeeds.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) fail(errno == 0 ? EIO : errno);
}

std::string harmless(std::string_view text) {
  std::vector<std::string> lines = split_lines(text);
  for (std::string& line : lines) line = with_short_numbers(without_controls(line));
  return join(lines, "\n");
}

void keep_standard_files_open() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is this one. Standard output is opened for reading, so that writing fails.
    ::open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace changeling::cli
