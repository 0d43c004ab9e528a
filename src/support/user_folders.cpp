#include "support/user_folders.hpp"

#include <fmt/format.h>

#include "support/error.hpp"

namespace changeling {
namespace {

namespace fs = std::filesystem;

fs::path user_folder(const Environment& environment, std::string_view variable, const fs::path& below_home) {
  if (const auto folder = environment.get(variable); folder && fs::path(*folder).is_absolute()) {
    return fs::path(*folder) / "git-changeling";
  }
  const auto home = environment.get("HOME");
  if (!home || !fs::path(*home).is_absolute()) {
    throw Error(ErrorKind::Invalid, "HOME is not set, so there is no place for the user's files",
                fmt::format("set HOME, or {}", variable));
  }
  return fs::path(*home) / below_home / "git-changeling";
}

}  // namespace

fs::path user_data_folder(const Environment& environment) {
  return user_folder(environment, "XDG_DATA_HOME", fs::path(".local") / "share");
}

fs::path user_state_folder(const Environment& environment) {
  return user_folder(environment, "XDG_STATE_HOME", fs::path(".local") / "state");
}

}  // namespace changeling
