#include "cli/user_settings.hpp"

#include "support/files.hpp"

namespace changeling::cli {
namespace {

namespace fs = std::filesystem;

/// Nothing when there is no place for it.
std::optional<fs::path> user_file_path(const Environment& environment) {
  if (const auto folder = environment.get("XDG_CONFIG_HOME"); folder && fs::path(*folder).is_absolute())
    return fs::path(*folder) / "git-changeling" / "config.toml";
  if (const auto home = environment.get("HOME"); home && fs::path(*home).is_absolute())
    return fs::path(*home) / ".config" / "git-changeling" / "config.toml";
  return std::nullopt;
}

RepositoryNames names_of(Context& context) {
  const git::Repository& repository = context.repository();
  const fs::path& common = repository.common_directory();
  RepositoryNames names;
  names.paths.push_back(common.string());
  // A linked worktree belongs to the repository of its main one.
  if (common.filename() == ".git") names.paths.push_back(common.parent_path().string());
  for (const std::string& remote : repository.remotes()) {
    if (const auto url = repository.remote_url(remote)) names.urls.push_back(*url);
    if (const auto written = repository.config("remote." + remote + ".url")) names.urls.push_back(*written);
  }
  names.home = context.environment().get("HOME").value_or("");
  return names;
}

}  // namespace

std::vector<UserSettings> read_user_settings(Context& context) {
  const auto path = user_file_path(context.environment());
  const auto text = path ? read_file_if_exists(*path) : std::nullopt;
  if (!text) return {};
  const UserFile file = parse_user_file(*text, path->string());
  std::vector<UserSettings> settings{file.everywhere};
  const RepositoryNames names = names_of(context);
  for (const UserFile::ForRepositories& some : file.repositories) {
    if (matches_repository(some.pattern, names)) settings.push_back(some.settings);
  }
  return settings;
}

}  // namespace changeling::cli
