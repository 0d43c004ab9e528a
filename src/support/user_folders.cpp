#include "support/user_folders.hpp"

#include <fmt/format.h>

#include <string_view>

#include "support/error.hpp"

namespace changeling {
namespace {

namespace fs = std::filesystem;

constexpr const char* own_name = "git-changeling";

struct FolderRule {
  std::string_view variable;
  const char* below_home;
};

FolderRule rule_of(UserFolder folder) {
  switch (folder) {
    case UserFolder::Config:
      return {"XDG_CONFIG_HOME", ".config"};
    case UserFolder::Data:
      return {"XDG_DATA_HOME", ".local/share"};
    case UserFolder::State:
      return {"XDG_STATE_HOME", ".local/state"};
  }
  return {"XDG_STATE_HOME", ".local/state"};
}

}  // namespace

std::optional<fs::path> find_user_folder(const Environment& environment, UserFolder folder) {
  const FolderRule rule = rule_of(folder);
  if (const auto base = environment.get(rule.variable); base && fs::path(*base).is_absolute())
    return fs::path(*base) / own_name;
  if (const auto home = environment.get("HOME"); home && fs::path(*home).is_absolute())
    return fs::path(*home) / rule.below_home / own_name;
  return std::nullopt;
}

fs::path user_folder(const Environment& environment, UserFolder folder) {
  if (auto path = find_user_folder(environment, folder)) return std::move(*path);
  throw Error(ErrorKind::Invalid, "HOME is not set, so there is no place for files of this user",
              fmt::format("set HOME, or {}", rule_of(folder).variable));
}

}  // namespace changeling
