#include "support/moment.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/local_clock.hpp"

namespace changeling {

Timestamp parse_moment(std::string_view option, const std::string& text, Timestamp now) {
  constexpr std::size_t day_length = std::string_view("2026-11-20").size();
  try {
    if (text.find('-') == std::string::npos) return now - parse_duration(text);
    return text.size() == day_length ? beginning_of_day(text) : parse_timestamp(text);
  } catch (const Error&) {
    throw Error(ErrorKind::Usage, fmt::format("{}: '{}' is no time", option, text),
                "write a day (2026-11-20), a moment (2026-11-20T08:00:00Z), or how long ago (90m, 7d)");
  }
}

}  // namespace changeling
