#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "support/file_descriptor.hpp"

namespace changeling::run {

/// A file that grows at its end and never beyond a limit: then its oldest middle is left out, so that the
/// beginning and the newest part stay, with a line between them that says so. Readers that follow it see it
/// become shorter.
class BoundedFile {
 public:
  /// The line, with its newline, that says how many bytes are left out.
  using Notice = std::function<std::string(std::uint64_t bytes)>;

  /// Opened or made, for its owner only. `limit` in bytes. Throws Error(Io).
  BoundedFile(const std::filesystem::path& path, std::uint64_t limit, Notice notice);

  /// What a full disk does not take is lost: it must not end the agent's work.
  void append(std::string_view text);
  /// So many bytes that would come now are left out, and with them all between the beginning and here.
  void skip(std::uint64_t bytes);
  std::uint64_t left_out() const { return left_out_; }
  /// Whether the beginning that stays has been written.
  bool has_beginning() const { return head_ > 0 || size_ >= limit_ / 4; }

 private:
  bool write(std::string_view text);
  void leave_out_middle();
  void keep_beginning();
  void replace_middle(std::string_view tail);
  std::string read(std::uint64_t from, std::uint64_t size) const;

  FileDescriptor file_;
  std::uint64_t limit_;
  Notice notice_;
  std::uint64_t size_ = 0;
  std::uint64_t head_ = 0;  ///< Where the notice stands; 0: nowhere yet.
  std::uint64_t notice_size_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace changeling::run
