#pragma once

#include <string>
#include <string_view>

namespace changeling::run {

/// Keeps the last part of a stream that may be endless.
class OutputTail {
 public:
  explicit OutputTail(std::size_t limit) : limit_(limit) {}

  void append(std::string_view bytes);
  /// At most `limit` bytes from the end, whole lines where possible, valid UTF-8.
  std::string text() const;
  /// The last line that is not blank, without surrounding space, at most 200 bytes; empty if there is none.
  std::string last_line() const;

 private:
  std::size_t limit_;
  std::string kept_;
};

/// The last line of what was printed that is not blank, without terminal codes, cut to `limit` bytes and
/// valid UTF-8.
std::string last_line_of(std::string_view printed, std::size_t limit = 200);
/// The first such line.
std::string first_line_of(std::string_view printed, std::size_t limit = 200);

}  // namespace changeling::run
