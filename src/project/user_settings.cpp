#include "project/user_settings.hpp"

#include "support/files.hpp"
#include "support/user_folders.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

RepositoryNames names_of(Project& project) {
  const git::Repository& repository = project.repository();
  const fs::path& common = repository.common_directory();
  RepositoryNames names;
  names.paths.push_back(common.string());
  // A linked worktree belongs to the repository of its main one.
  if (common.filename() == ".git") names.paths.push_back(common.parent_path().string());
  for (const std::string& remote : repository.remotes()) {
    if (const auto url = repository.remote_url(remote)) names.urls.push_back(*url);
    if (const auto written = repository.config("remote." + remote + ".url")) names.urls.push_back(*written);
  }
  names.home = project.environment().get("HOME").value_or("");
  return names;
}

}  // namespace

std::vector<UserSettings> read_user_settings(Project& project) {
  const auto folder = find_user_folder(project.environment(), UserFolder::Config);
  if (!folder) return {};
  const std::filesystem::path path = *folder / "config.toml";
  const auto text = read_file_if_exists(path);
  if (!text) return {};
  const UserFile file = parse_user_file(*text, path.string());
  std::vector<UserSettings> settings{file.everywhere};
  const RepositoryNames names = names_of(project);
  for (const UserFile::ForRepositories& some : file.repositories) {
    if (matches_repository(some.pattern, names)) settings.push_back(some.settings);
  }
  return settings;
}

}  // namespace changeling::project
