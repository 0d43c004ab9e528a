#include "cli/last_tick.hpp"

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::cli {
namespace {

std::filesystem::path file(const Environment& environment) {
  return user_folder(environment, UserFolder::State) / "last-tick";
}

}  // namespace

std::optional<Timestamp> read_last_tick(const Environment& environment) {
  try {
    const auto text = read_file_if_exists(file(environment));
    return text ? std::optional(parse_timestamp(trim(*text))) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

void write_last_tick(const Environment& environment, Timestamp now) {
  write_file(file(environment), format_timestamp(now) + "\n");
}

}  // namespace changeling::cli
