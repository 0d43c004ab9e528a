#include "run/run_log.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changeling::run {

namespace {
/// Of the log and of the transcript, each.
constexpr std::uint64_t largest_file = 16 * 1024 * 1024;

/// Of what arrives faster than it can be searched for secrets.
constexpr std::size_t kept_unwritten = 2 * 1024 * 1024;
/// Once a file is long, searching for secrets takes a fifth of the time at most.
constexpr int kRestAfterWork = 4;

// A program that never ends its line must not fill the memory.
constexpr std::size_t longest_line = 256 * 1024;
// Nor must a key that is begun and never ended hold back all that follows.
constexpr std::size_t longest_key = 16 * 1024;

std::string notice_for_people(std::uint64_t bytes) {
  return fmt::format("… {} bytes are left out here: a log holds {} MiB …\n", bytes, largest_file >> 20U);
}

/// A transcript has an object a line.
std::string notice_for_programs(std::uint64_t bytes) {
  return fmt::format("{{\"type\":\"left_out\",\"bytes\":{}}}\n", bytes);
}
}  // namespace

RunLog::LineFile::LineFile(const std::filesystem::path& path, BoundedFile::Notice notice)
    : file_(path, largest_file, std::move(notice)) {}

void RunLog::LineFile::write(std::string_view bytes, const Redactor& redact) {
  rest_ += bytes;
  if (file_.has_beginning() && std::chrono::steady_clock::now() < next_write_) return drop_oldest();
  const auto started = std::chrono::steady_clock::now();
  write_lines(redact);
  const auto ended = std::chrono::steady_clock::now();
  next_write_ = ended + kRestAfterWork * (ended - started);
}

/// What would be left out of the file does not have to be searched for secrets first: that takes longer than
/// printing it.
void RunLog::LineFile::drop_oldest() {
  if (rest_.size() <= 2 * kept_unwritten) return;
  std::size_t end = rest_.size() - kept_unwritten;
  if (const std::size_t line = rest_.find('\n', end); line != std::string::npos) end = line + 1;
  file_.skip(end);
  rest_.erase(0, end);
}

void RunLog::LineFile::write_lines(const Redactor& redact) {
  const std::size_t lines = rest_.rfind('\n') + 1;
  const bool too_long = rest_.size() - lines > longest_line;
  if (lines == 0 && !too_long) return;
  std::size_t length = redact.settled_length(rest_);
  if (!too_long) length = std::min(length, lines);
  if (lines > length + longest_key || (too_long && length == 0)) length = std::max(length, lines);
  if (too_long && length == 0) length = rest_.size();
  file_.append(redact(std::string_view(rest_).substr(0, length)));
  rest_.erase(0, length);
}

void RunLog::LineFile::flush(const Redactor& redact) {
  file_.append(redact(rest_));
  rest_.clear();
}

RunLog::RunLog(project::RunFiles files, Redactor redact, const Clock& clock)
    : redact_(std::move(redact)),
      clock_(clock),
      log_(files.log(), notice_for_people),
      transcript_(files.transcript(), notice_for_programs) {}

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

std::string RunLog::left_out() const {
  const std::uint64_t bytes = std::max(log_.left_out(), transcript_.left_out());
  if (bytes == 0) return "";
  return fmt::format("{} MiB of what was printed are left out of the middle of the log", (bytes >> 20U) + 1);
}

void RunLog::flush() {
  log_.flush(redact_);
  transcript_.flush(redact_);
}

}  // namespace changeling::run
