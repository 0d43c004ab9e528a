#include "changeling/protected_paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/path_glob.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

using Place = ProtectedPath::Place;

constexpr std::size_t most_named = 5;

constexpr auto table = std::to_array<ProtectedPath>({
    {".github", Place::Root, "Workflows, actions and code owners of GitHub"},
    {".gitea", Place::Root, "Workflows of Gitea"},
    {".forgejo", Place::Root, "Workflows of Forgejo"},
    {".gitlab-ci.yml", Place::Root, "Pipelines of GitLab"},
    {".gitlab-ci.yaml", Place::Root, "Pipelines of GitLab"},
    {".gitlab", Place::Root, "Pipelines and code owners of GitLab"},
    {"codeowners", Place::Anywhere, "Who has to review what"},
    {".circleci", Place::Root, "CircleCI"},
    {".buildkite", Place::Root, "Buildkite"},
    {".woodpecker", Place::Root, "Woodpecker"},
    {".woodpecker.yml", Place::Root, "Woodpecker"},
    {".woodpecker.yaml", Place::Root, "Woodpecker"},
    {".drone.yml", Place::Root, "Drone"},
    {".travis.yml", Place::Root, "Travis CI"},
    {".cirrus.yml", Place::Root, "Cirrus CI"},
    {".appveyor.yml", Place::Root, "AppVeyor"},
    {"appveyor.yml", Place::Root, "AppVeyor"},
    {".azure-pipelines", Place::Root, "Azure Pipelines"},
    {"azure-pipelines.yml", Place::Root, "Azure Pipelines"},
    {"bitbucket-pipelines.yml", Place::Root, "Bitbucket Pipelines"},
    {"buildspec.yml", Place::Root, "AWS CodeBuild"},
    {"cloudbuild.yaml", Place::Root, "Google Cloud Build"},
    {".builds", Place::Root, "SourceHut builds"},
    {".build.yml", Place::Root, "SourceHut builds"},
    {".semaphore", Place::Root, "Semaphore"},
    {".teamcity", Place::Root, "TeamCity"},
    {".tekton", Place::Root, "Tekton"},
    {"jenkinsfile", Place::Anywhere, "Jenkins"},
    {".changelings.toml", Place::Root, "Definitions of changelings"},
    {".gitattributes", Place::Anywhere, "Filters and merge drivers that git starts"},
    {".gitmodules", Place::Root, "Where submodules come from"},
    {".lfsconfig", Place::Root, "Where git-lfs sends and fetches"},
    {".husky", Place::Anywhere, "Hooks of husky"},
    {".githooks", Place::Root, "Hooks"},
    {".git-hooks", Place::Root, "Hooks"},
    {"lefthook.yml", Place::Root, "Hooks of lefthook"},
    {"lefthook.yaml", Place::Root, "Hooks of lefthook"},
    {"lefthook.toml", Place::Root, "Hooks of lefthook"},
    {"lefthook.json", Place::Root, "Hooks of lefthook"},
    {".lefthook.yml", Place::Root, "Hooks of lefthook"},
    {".lefthook.yaml", Place::Root, "Hooks of lefthook"},
    {".lefthook.toml", Place::Root, "Hooks of lefthook"},
    {".lefthook", Place::Root, "Hooks of lefthook"},
    {".overcommit.yml", Place::Root, "Hooks of overcommit"},
    {".pre-commit-config.yaml", Place::Anywhere, "Hooks of pre-commit"},
    {".pre-commit-hooks.yaml", Place::Anywhere, "Hooks of pre-commit"},
});

bool names(const std::string& glob, const std::string& path, const ProtectedPath& rule) {
  const auto parts = split(to_lower(glob), '/');
  return std::find(parts.begin(), parts.end(), rule.word) != parts.end() && matches_path_glob(glob, path);
}

/// The first rule that holds for the path; null when it is not protected.
const ProtectedPath* rule_for(const std::string& path) {
  const auto parts = split(to_lower(path), '/');
  const auto holds = [&](const ProtectedPath& rule) {
    if (rule.place == Place::Root) return parts.front() == rule.word;
    return std::find(parts.begin(), parts.end(), rule.word) != parts.end();
  };
  const auto found = std::find_if(table.begin(), table.end(), holds);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace

std::span<const ProtectedPath> protected_paths() {
  return table;
}

std::vector<std::string> unnamed_protected_paths(const std::vector<std::string>& changed,
                                                 const std::vector<std::string>& globs) {
  std::vector<std::string> found;
  for (const std::string& path : changed) {
    const ProtectedPath* rule = path.empty() ? nullptr : rule_for(path);
    if (rule == nullptr) continue;
    const bool is_named = std::any_of(globs.begin(), globs.end(),
                                      [&](const std::string& glob) { return names(glob, path, *rule); });
    if (!is_named && std::find(found.begin(), found.end(), path) == found.end()) found.push_back(path);
  }
  return found;
}

std::string protected_paths_problem(const std::vector<std::string>& paths) {
  std::vector<std::string> shown;
  for (const std::string& path : paths)
    if (shown.size() < most_named) shown.push_back(without_controls(valid_utf8(path)));
  if (paths.size() > most_named) shown.push_back(fmt::format("{} more", paths.size() - most_named));
  return fmt::format("changed {}, which decides what runs elsewhere; it may only where its path names it",
                     join(shown, ", "));
}

}  // namespace changeling
