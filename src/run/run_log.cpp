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
}  // namespace

RunLog::LineFile::LineFile(const std::filesystem::path& path, const Redactor& redact) : clean_(redact) {
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

void RunLog::LineFile::write(std::string_view bytes) {
  lines_ += clean_.take(bytes);
  const std::size_t whole = lines_.rfind('\n') + 1;
  const std::size_t length = lines_.size() - whole > longest_line ? lines_.size() : whole;
  append(std::string_view(lines_).substr(0, length));
  lines_.erase(0, length);
}

void RunLog::LineFile::flush() {
  append(lines_ + clean_.pause());
  lines_.clear();
}

void RunLog::LineFile::insert(std::string_view line) {
  flush();
  append(line);
}

RunLog::RunLog(project::RunFiles files, Redactor redact, const Clock& clock)
    : redact_(std::move(redact)),
      clock_(clock),
      log_(files.log(), redact_),
      transcript_(files.transcript(), redact_) {}

RunLog::~RunLog() {
  flush();
}

void RunLog::note(std::string_view text) {
  log_.insert(fmt::format("{} {}\n", format_timestamp(clock_.now()).substr(11, 8), redact_(text)));
}

void RunLog::output(std::string_view bytes) {
  log_.write(bytes);
}

void RunLog::transcript(std::string_view bytes) {
  transcript_.write(bytes);
}

void RunLog::flush() {
  log_.flush();
  transcript_.flush();
}

}  // namespace changeling::run
