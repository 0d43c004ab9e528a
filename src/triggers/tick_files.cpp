#include "triggers/tick_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <system_error>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::triggers {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t log_limit = 1024 * 1024;

fs::path last_tick_file(const Environment& environment) {
  return user_folder(environment, UserFolder::State) / "last-tick";
}

}  // namespace

fs::path tick_script_file(const Environment& environment) {
  return user_folder(environment, UserFolder::Data) / "tick.sh";
}

std::string tick_script_word(const Environment& environment) {
  std::string path = tick_script_file(environment).string();
  if (valid_utf8(path) != path || std::any_of(path.begin(), path.end(), ::iscntrl)) {
    throw Error(
        ErrorKind::Refused,
        fmt::format("a timer cannot name the script {}: its path has control characters or is no UTF-8",
                    shortened(path, 200)),
        "set XDG_DATA_HOME to a folder with a plain name");
  }
  return path;
}

fs::path tick_log_file(const Environment& environment) {
  return user_folder(environment, UserFolder::State) / "tick.log";
}

bool timer_is_installed(const Environment& environment) {
  std::error_code ignored;
  return find_user_folder(environment, UserFolder::Data).has_value() &&
         fs::exists(tick_script_file(environment), ignored);
}

void rotate_tick_log(const Environment& environment) {
  if (!find_user_folder(environment, UserFolder::State)) return;
  const fs::path log = tick_log_file(environment);
  std::error_code ignored;
  const auto size = fs::file_size(log, ignored);
  if (!ignored && size > log_limit) fs::rename(log, log.string() + ".1", ignored);
}

std::vector<Timestamp> last_ticks(const Environment& environment) {
  std::vector<Timestamp> times;
  if (!find_user_folder(environment, UserFolder::State)) return times;
  const std::string text = read_file_if_exists(last_tick_file(environment)).value_or("");
  for (const std::string& line : split_lines(text)) {
    try {
      times.push_back(parse_timestamp(trim(line)));
    } catch (const Error&) {
      break;
    }
  }
  return times;
}

std::optional<Timestamp> last_tick(const Environment& environment) {
  const auto times = last_ticks(environment);
  return times.empty() ? std::nullopt : std::optional(times.front());
}

void write_last_tick(const Environment& environment, Timestamp time) {
  constexpr std::size_t most_kept = 3;
  if (!find_user_folder(environment, UserFolder::State)) return;
  std::string text = format_timestamp(time) + "\n";
  std::size_t kept = 1;
  const auto minute_of = [](Timestamp moment) { return std::chrono::floor<std::chrono::minutes>(moment); };
  Timestamp newer = time;
  for (const Timestamp older : last_ticks(environment)) {
    if (kept == most_kept) break;
    if (minute_of(older) == minute_of(newer)) continue;
    text += format_timestamp(older) + "\n";
    newer = older;
    ++kept;
  }
  write_file(last_tick_file(environment), text);
}

}  // namespace changeling::triggers
