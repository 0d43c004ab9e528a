#include "events/event_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/error.hpp"
#include "support/file_descriptor.hpp"
#include "support/files.hpp"
#include "support/folder_watch.hpp"
#include "support/json.hpp"

namespace changeling::events {
namespace {

namespace fs = std::filesystem;

constexpr auto lock_patience = std::chrono::seconds(30);
constexpr auto question_interval = std::chrono::milliseconds(100);
constexpr std::size_t part_size = 65536;

[[noreturn]] void fail(std::string_view action, const fs::path& path) {
  throw Error(ErrorKind::Io, fmt::format("could not {} {}: {}", action, path.string(), std::strerror(errno)));
}

/// The number of an event from the start of its line, where it comes first: {"seq":12,
std::optional<std::int64_t> number_of(const std::string& line) {
  constexpr std::string_view prefix = "{\"seq\":";
  if (!line.starts_with(prefix)) return std::nullopt;
  return std::strtoll(line.c_str() + prefix.size(), nullptr, 10);
}

/// The log's file, opened for reading or for reading and appending.
class LogFile {
 public:
  LogFile(const fs::path& path, int flags)
      : path_(path), file_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (!file_ && errno != ENOENT) fail("open", path_);
  }
  explicit operator bool() const { return static_cast<bool>(file_); }

  off_t size() const { return status().st_size; }
  /// Whether the path still leads to this file.
  bool is_current() const {
    struct stat there {};
    return ::stat(path_.c_str(), &there) == 0 && there.st_ino == status().st_ino;
  }

  std::string read(off_t from, std::size_t count) const {
    std::string bytes(count, '\0');
    ssize_t got = 0;
    do {
      got = ::pread(file_.get(), bytes.data(), bytes.size(), from);
    } while (got < 0 && errno == EINTR);
    if (got < 0) fail("read", path_);
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
  }

  /// Where the line that holds the byte before `position` begins.
  off_t line_start(off_t position) const {
    while (position > 0) {
      const auto count = std::min<off_t>(position, static_cast<off_t>(part_size));
      const std::string part = read(position - count, static_cast<std::size_t>(count));
      if (const auto newline = part.rfind('\n'); newline != std::string::npos)
        return position - count + static_cast<off_t>(newline) + 1;
      position -= count;
    }
    return 0;
  }

  /// The number of the event whose line begins there, or nothing when none does.
  std::optional<std::int64_t> number_at(off_t start) const { return number_of(read(start, 64)); }

  void truncate(off_t size) {
    if (::ftruncate(file_.get(), size) != 0) fail("repair", path_);
  }

  void append(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail("write", path_);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

 private:
  struct stat status() const {
    struct stat info {};
    if (::fstat(file_.get(), &info) != 0) fail("look at", path_);
    return info;
  }

  fs::path path_;
  FileDescriptor file_;
};

/// The number of the last event. What a crash has left of an unfinished line is cut off.
std::int64_t repair_and_read_last(LogFile& file) {
  off_t end = file.line_start(file.size());
  if (end < file.size()) file.truncate(end);
  if (end == 0) return 0;
  return file.number_at(file.line_start(end - 1)).value_or(0);
}

/// Where the first event after number `since` begins; numbers grow from line to line.
off_t find_start(const LogFile& file, std::int64_t since) {
  off_t low = 0;  // Everything before is at most `since`.
  off_t high = file.line_start(file.size());
  while (low < high) {
    const off_t start = file.line_start(low + (high - low + 1) / 2);
    const std::string line = file.read(start, part_size);
    const auto newline = line.find('\n');
    const auto number = file.number_at(start);
    if (newline == std::string::npos || !number) {
      // A very long or a foreign line: look at the rest one by one.
      return low;
    }
    if (*number <= since) {
      low = start + static_cast<off_t>(newline) + 1;
    } else {
      high = start;
    }
  }
  return low;
}

std::string line_of(std::int64_t number, const std::string& time, const EventLog::Event& event) {
  std::string line =
      fmt::format("{{\"seq\":{},\"time\":\"{}\",\"event\":{}", number, time, Json(event.name).dump());
  if (!event.fields.empty()) {
    const std::string fields = event.fields.dump(-1, ' ', false, Json::error_handler_t::replace);
    line += "," + fields.substr(1);
  } else {
    line += "}";
  }
  return line + "\n";
}

/// Hands over every whole line from `offset` on that comes after `since`, and moves both on.
void hand_over(const LogFile& file, off_t& offset, std::int64_t& since,
               const std::function<void(const std::string&)>& on_event) {
  std::string pending;
  for (off_t position = offset;;) {
    const std::string part = file.read(position, part_size);
    if (part.empty()) return;
    position += static_cast<off_t>(part.size());
    pending += part;
    std::size_t start = 0;
    for (auto newline = pending.find('\n'); newline != std::string::npos;
         newline = pending.find('\n', start)) {
      const std::string line = pending.substr(start, newline - start);
      offset += static_cast<off_t>(line.size()) + 1;
      if (const std::int64_t number = number_of(line).value_or(0); number > since) {
        since = number;
        on_event(line);
      }
      start = newline + 1;
    }
    pending.erase(0, start);
  }
}

}  // namespace

EventLog::EventLog(fs::path file, const Clock& clock) : file_(std::move(file)), clock_(clock) {}

std::int64_t EventLog::append(std::string_view event, const nlohmann::json& fields) {
  return append_all({{std::string(event), fields}});
}

std::int64_t EventLog::append_all(const std::vector<Event>& events) {
  if (events.empty()) return 0;
  // The log is its own lock. Who finds that it was deleted meanwhile begins the new one.
  for (;;) {
    const auto lock = FileLock::acquire(file_, lock_patience);
    if (!lock) {
      throw Error(ErrorKind::Unavailable, fmt::format("{} stays locked by another process", file_.string()));
    }
    LogFile file(file_, O_RDWR | O_APPEND);
    if (!file) continue;
    std::int64_t number = repair_and_read_last(file);
    const std::string time = format_timestamp(clock_.now());
    std::string lines;
    for (const Event& event : events) lines += line_of(++number, time, event);
    file.append(lines);
    return number;
  }
}

void EventLog::read(std::int64_t since, const std::function<void(const std::string& line)>& on_event,
                    const std::function<bool()>& go_on) {
  std::optional<FolderWatch> watch;
  // The watch comes before the first look, so that nothing slips through in between.
  if (go_on) watch.emplace(file_.parent_path(), std::vector{file_.filename().string()});
  for (;;) {
    const LogFile file(file_, O_RDONLY);
    off_t offset = file ? find_start(file, since) : 0;
    if (file) hand_over(file, offset, since, on_event);
    if (!go_on) return;
    while (!file || file.is_current()) {
      if (!go_on()) return;
      if (!watch->wait(question_interval)) continue;
      if (!file) break;
      hand_over(file, offset, since, on_event);
    }
    if (file) since = 0;  // The log was replaced: the new one counts from 1.
  }
}

}  // namespace changeling::events
