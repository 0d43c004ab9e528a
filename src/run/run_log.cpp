#include "run/run_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::run {

namespace {
// A program that never ends its line must not fill the memory.
constexpr std::size_t longest_line = 256 * 1024;
// Nor must a key that is begun and never ended hold back all that follows.
constexpr std::size_t longest_key = 16 * 1024;
}  // namespace

RunLog::LineFile::LineFile(const std::filesystem::path& path) {
  create_private_directories(path.parent_path());
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor_ < 0) {
    throw Error(ErrorKind::Io, fmt::format("could not write {}: {}", path.string(), std::strerror(errno)));
  }
}

RunLog::LineFile::~LineFile() {
  ::close(descriptor_);
}

void RunLog::LineFile::append(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor_, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    // A full disk must not end the agent's work; the record will still say what happened.
    if (count < 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void RunLog::LineFile::write(std::string_view bytes, const Redactor& redact) {
  rest_ += bytes;
  const std::size_t lines = rest_.rfind('\n') + 1;
  const bool too_long = rest_.size() - lines > longest_line;
  if (lines == 0 && !too_long) return;
  std::size_t length = redact.settled_length(rest_);
  if (!too_long) length = std::min(length, lines);
  if (lines > length + longest_key || (too_long && length == 0)) length = std::max(length, lines);
  if (too_long && length == 0) length = rest_.size();
  append(redact(std::string_view(rest_).substr(0, length)));
  rest_.erase(0, length);
}

void RunLog::LineFile::flush(const Redactor& redact) {
  append(redact(rest_));
  rest_.clear();
}

RunLog::RunLog(project::RunFiles files, Redactor redact, const Clock& clock)
    : redact_(std::move(redact)), clock_(clock), log_(files.log()), transcript_(files.transcript()) {}

RunLog::~RunLog() {
  flush();
}

void RunLog::note(std::string_view text) {
  log_.flush(redact_);
  log_.write(fmt::format("{} {}\n", format_timestamp(clock_.now()).substr(11, 8), text), redact_);
}

void RunLog::output(std::string_view bytes) {
  log_.write(bytes, redact_);
}

void RunLog::transcript(std::string_view bytes) {
  transcript_.write(bytes, redact_);
}

void RunLog::flush() {
  log_.flush(redact_);
  transcript_.flush(redact_);
}

}  // namespace changeling::run
