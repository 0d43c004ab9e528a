#include "cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/terminal.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr std::string_view continuation = "  ";

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

bool is_empty(const std::string& line) {
  return line.empty();
}

void print_bytes(std::string_view bytes) {
  const HeldInterrupts held;
  errno = 0;
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size() || std::ferror(stdout) != 0)
    fail(errno == 0 ? EIO : errno);
}

void tell_bytes(std::string_view bytes) {
  const HeldInterrupts held;
  std::fwrite(bytes.data(), 1, bytes.size(), stderr);
}

}  // namespace

void print_text(std::string_view text) {
  print_bytes(harmless_on_terminal(text));
}

void print_json(const Json& json, int indent) {
  print_bytes(json_text(json, indent) + "\n");
}

void print_json_line(std::string_view line) {
  print_bytes(harmless_json(line));
  if (!line.ends_with('\n')) print_bytes("\n");
}

void flush_out() {
  const HeldInterrupts held;
  errno = 0;
  // After a failed write the buffer is empty, and flushing it again succeeds.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) fail(errno == 0 ? EIO : errno);
}

std::string harmless(std::string_view text) {
  std::vector<std::string> lines = split_lines(text);
  for (std::string& line : lines) line = with_short_numbers(harmless_on_terminal(line));
  for (auto line = std::find_if_not(lines.begin(), lines.end(), is_empty); line != lines.end();) {
    if (++line == lines.end()) break;
    if (!line->empty()) line->insert(0, continuation);
  }
  return join(lines, "\n");
}

void tell(std::string_view message) {
  tell_bytes(harmless(message) + "\n");
}

void tell_lines(std::string_view text) {
  tell_bytes(harmless_on_terminal(text));
}

void tell_json(const Json& json) {
  tell_bytes(json_text(json) + "\n");
}

void ask(std::string_view question) {
  tell_bytes(harmless(question));
}

void redraw_line(std::string_view line) {
  tell_bytes(fmt::format("\r{}\x1B[K", harmless_on_terminal(without_controls(line))));
}

void keep_standard_files_open() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is this one. Standard output is opened for reading, so that writing fails.
    ::open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace changeling::cli
