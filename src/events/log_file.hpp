#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "support/file_descriptor.hpp"

namespace changeling::events {

/// The number of an event from the start of its line, where it comes first: {"seq":12,
std::optional<std::int64_t> number_of(const std::string& line);

/// The file of an event log, opened for reading or for reading and appending. Throws Error(Io).
class LogFile {
 public:
  /// How much is read at once, in bytes.
  static constexpr std::size_t part_size = 65536;

  /// `flags` as for open(2). It is false when there is no such file.
  LogFile(const std::filesystem::path& path, int flags);
  explicit operator bool() const { return static_cast<bool>(file_); }

  off_t size() const;
  /// Whether the path still leads to this file.
  bool is_current() const;
  std::string read(off_t from, std::size_t count) const;
  /// Where the line that holds the byte before `position` begins.
  off_t line_start(off_t position) const;
  /// The number of the event whose line begins there, or nothing when none does.
  std::optional<std::int64_t> number_at(off_t start) const { return number_of(read(start, 64)); }
  /// Where the first event after number `since` begins; numbers grow from line to line.
  off_t find_start(std::int64_t since) const;

  void truncate(off_t size);
  void append(std::string_view bytes);

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
};

}  // namespace changeling::events
