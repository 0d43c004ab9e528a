#include "events/event_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "events/log_file.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/folder_watch.hpp"
#include "support/json.hpp"

namespace changeling::events {
namespace {

namespace fs = std::filesystem;

constexpr auto lock_patience = std::chrono::seconds(30);
constexpr auto question_interval = std::chrono::milliseconds(100);

/// The number of the last event. What a crash has left of an unfinished line is cut off.
std::int64_t repair_and_read_last(LogFile& file) {
  off_t end = file.line_start(file.size());
  if (end < file.size()) file.truncate(end);
  if (end == 0) return 0;
  return file.number_at(file.line_start(end - 1)).value_or(0);
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
    const std::string part = file.read(position, LogFile::part_size);
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
    off_t offset = file ? file.find_start(since) : 0;
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
