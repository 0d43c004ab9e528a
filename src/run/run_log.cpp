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

/// A program that writes a secret in pieces writes the next one sooner.
constexpr auto quiet = std::chrono::milliseconds(500);

// A program that never ends its line must not fill the memory.
constexpr std::size_t longest_line = 256 * 1024;

std::string notice_for_people(std::uint64_t bytes) {
  return fmt::format("… {} bytes are left out here: a log holds {} MiB …\n", bytes, largest_file >> 20U);
}

/// A transcript has an object a line.
std::string notice_for_programs(std::uint64_t bytes) {
  return fmt::format("{{\"type\":\"left_out\",\"bytes\":{}}}\n", bytes);
}
}  // namespace

RunLog::LineFile::LineFile(const std::filesystem::path& path, const Redactor& redact,
                           BoundedFile::Notice notice)
    : file_(path, largest_file, std::move(notice)), clean_(redact) {}

void RunLog::LineFile::write(std::string_view bytes) {
  const auto started = std::chrono::steady_clock::now();
  raw_ += bytes;
  last_output_ = started;
  is_settled_ = false;
  if (file_.has_beginning() && started < next_write_) return drop_oldest();
  write_lines();
  const auto ended = std::chrono::steady_clock::now();
  next_write_ = ended + kRestAfterWork * (ended - started);
}

/// What would be left out of the file does not have to be searched for secrets first: that takes longer than
/// printing it. Up to the end of a line, so that no secret is cut.
void RunLog::LineFile::drop_oldest() {
  if (raw_.size() <= 2 * kept_unwritten) return;
  const std::size_t line = raw_.find('\n', raw_.size() - kept_unwritten);
  const std::size_t end = line == std::string::npos ? raw_.size() : line + 1;
  file_.append(lines_ + clean_.pause());
  lines_.clear();
  file_.skip(end);
  raw_.erase(0, end);
}

void RunLog::LineFile::write_lines() {
  lines_ += clean_.take(raw_);
  raw_.clear();
  const std::size_t whole = lines_.rfind('\n') + 1;
  const std::size_t length = lines_.size() - whole > longest_line ? lines_.size() : whole;
  file_.append(std::string_view(lines_).substr(0, length));
  lines_.erase(0, length);
}

void RunLog::LineFile::flush() {
  write_lines();
  file_.append(lines_ + clean_.pause());
  lines_.clear();
  is_settled_ = true;
}

void RunLog::LineFile::settle(std::chrono::steady_clock::time_point now) {
  if (!is_settled_ && now - last_output_ >= quiet) flush();
}

void RunLog::LineFile::insert(std::string_view line) {
  flush();
  file_.append(line);
}

RunLog::RunLog(project::RunFiles files, Redactor redact, const Clock& clock)
    : redact_(std::move(redact)),
      clock_(clock),
      log_(files.log(), redact_, notice_for_people),
      transcript_(files.transcript(), redact_, notice_for_programs) {}

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

std::string RunLog::left_out() const {
  const std::uint64_t bytes = std::max(log_.left_out(), transcript_.left_out());
  if (bytes == 0) return "";
  return fmt::format("{} MiB of what was printed are left out of the middle of the log", (bytes >> 20U) + 1);
}

void RunLog::flush() {
  log_.flush();
  transcript_.flush();
}

void RunLog::settle(std::chrono::steady_clock::time_point now) {
  log_.settle(now);
  transcript_.settle(now);
}

}  // namespace changeling::run
