#include "run/bounded_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::run {

BoundedFile::BoundedFile(const std::filesystem::path& path, std::uint64_t limit, Notice notice)
    : limit_(limit), notice_(std::move(notice)) {
  create_private_directories(path.parent_path());
  file_ = FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!file_)
    throw Error(ErrorKind::Io, fmt::format("could not write {}: {}", path.string(), std::strerror(errno)));
  struct stat info {};
  if (::fstat(file_.get(), &info) == 0) size_ = static_cast<std::uint64_t>(info.st_size);
}

void BoundedFile::append(std::string_view text) {
  // In pieces, so that one large text does not take the file beyond its limit, either.
  const std::uint64_t largest = limit_ / 4;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, largest);
    if (!write(piece)) return;
    text.remove_prefix(piece.size());
    if (size_ > limit_) leave_out_middle();
  }
}

bool BoundedFile::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file_.get(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    size_ += static_cast<std::uint64_t>(count);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void BoundedFile::skip(std::uint64_t bytes) {
  keep_beginning();
  left_out_ += bytes;
  replace_middle("");
}

void BoundedFile::leave_out_middle() {
  keep_beginning();
  std::string tail = read(size_ - limit_ / 4, limit_ / 4);
  if (const std::size_t line = tail.find('\n'); line != std::string::npos && line + 1 < tail.size())
    tail.erase(0, line + 1);
  replace_middle(tail);
}

/// Whole lines of the first quarter, where there are any.
void BoundedFile::keep_beginning() {
  if (head_ > 0) return;
  const std::string head = read(0, limit_ / 4);
  const std::size_t last_line = head.rfind('\n');
  head_ = last_line == std::string::npos ? head.size() : last_line + 1;
}

void BoundedFile::replace_middle(std::string_view tail) {
  left_out_ += size_ - head_ - notice_size_ - tail.size();
  if (::ftruncate(file_.get(), static_cast<off_t>(head_)) != 0) return;
  size_ = head_;
  const std::string notice = notice_(left_out_);
  notice_size_ = notice.size();
  write(notice);
  write(tail);
}

std::string BoundedFile::read(std::uint64_t from, std::uint64_t size) const {
  std::string text(size, '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count =
        ::pread(file_.get(), text.data() + done, text.size() - done, static_cast<off_t>(from + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  text.resize(done);
  return text;
}

}  // namespace changeling::run
