#include "cli/tick_files.hpp"

#include <string>
#include <system_error>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::cli {
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

std::optional<Timestamp> last_tick(const Environment& environment) {
  if (!find_user_folder(environment, UserFolder::State)) return std::nullopt;
  const auto text = read_file_if_exists(last_tick_file(environment));
  if (!text) return std::nullopt;
  try {
    return parse_timestamp(trim(*text));
  } catch (const Error&) {
    return std::nullopt;
  }
}

void write_last_tick(const Environment& environment, Timestamp time) {
  if (!find_user_folder(environment, UserFolder::State)) return;
  write_file(last_tick_file(environment), format_timestamp(time) + "\n");
}

}  // namespace changeling::cli
