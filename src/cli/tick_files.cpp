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

void rotate_tick_log(const Environment& environment) {
  const fs::path log = tick_log_file(environment);
  std::error_code ignored;
  const auto size = fs::file_size(log, ignored);
  if (!ignored && size > log_limit) fs::rename(log, log.string() + ".1", ignored);
}

std::optional<Timestamp> last_tick(const Environment& environment) {
  const auto text = read_file_if_exists(last_tick_file(environment));
  if (!text) return std::nullopt;
  try {
    return parse_timestamp(trim(*text));
  } catch (const Error&) {
    return std::nullopt;
  }
}

void write_last_tick(const Environment& environment, Timestamp time) {
  write_file(last_tick_file(environment), format_timestamp(time) + "\n");
}

}  // namespace changeling::cli
