#include "support/ending.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <string>

namespace changeling {

void write_ending(const FileDescriptor& file, int signal) {
  const std::string text = std::to_string(signal);
  [[maybe_unused]] const auto written = ::pwrite(file.get(), text.data(), text.size(), 0);
}

std::optional<int> read_ending(const FileDescriptor& file) {
  std::array<char, 4> text;
  const ssize_t count = ::pread(file.get(), text.data(), text.size(), 0);
  if (count <= 0) return std::nullopt;
  const char* end = text.data() + count;
  int signal = 0;
  const auto [last, problem] = std::from_chars(text.data(), end, signal);
  const bool is_signal = problem == std::errc() && last == end && signal > 0 && signal < NSIG;
  return is_signal ? std::optional(signal) : std::nullopt;
}

}  // namespace changeling
