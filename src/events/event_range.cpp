#include "events/event_range.hpp"

#include <fcntl.h>

#include "events/log_file.hpp"

namespace changeling::events {

EventRange event_range(const std::filesystem::path& path, std::int64_t after) {
  const LogFile file(path, O_RDONLY);
  if (!file) return {};
  // A last line that is not whole is being written, or was left by a crash.
  const off_t end = file.line_start(file.size());
  if (end == 0) return {};
  EventRange range;
  range.first = file.number_at(0).value_or(1);
  range.last = file.number_at(file.line_start(end - 1)).value_or(0);
  range.bytes_after = static_cast<std::uint64_t>(end - file.find_start(after));
  return range;
}

}  // namespace changeling::events
