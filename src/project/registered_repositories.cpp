#include "project/registered_repositories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "git/program.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

FileLock locked(const fs::path& file) {
  auto lock = FileLock::acquire(file.string() + ".lock", std::chrono::seconds(10));
  if (lock) return std::move(*lock);
  throw Error(ErrorKind::Unavailable, fmt::format("{} is in use", file.string()), "try again");
}

std::optional<std::string> repository_here(Project& project) {
  try {
    return project.repository().common_directory().string();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound || !project.opening().directories.empty()) throw;
    return std::nullopt;
  }
}

}  // namespace

RegisteredRepositories::RegisteredRepositories(const Environment& environment) : environment_(environment) {
  if (const auto folder = find_user_folder(environment, UserFolder::Data)) file_ = *folder / "repositories";
}

std::vector<fs::path> RegisteredRepositories::list() const {
  std::vector<fs::path> paths;
  if (file_.empty()) return paths;
  for (const std::string& line : split_lines(read_file_if_exists(file_).value_or(""))) {
    if (fs::path(line).is_absolute()) paths.emplace_back(line);
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

bool RegisteredRepositories::add(const fs::path& common_directory) {
  if (!common_directory.is_absolute() || common_directory.string().find('\n') != std::string::npos) {
    throw Error(ErrorKind::Invalid,
                fmt::format("\"{}\" cannot be registered: it must be an absolute path of one line",
                            without_controls(common_directory.string())));
  }
  const auto is_there = [&](const std::vector<fs::path>& paths) {
    return std::find(paths.begin(), paths.end(), common_directory) != paths.end();
  };
  // Nearly always it is there already, which needs no lock.
  if (is_there(list())) return false;
  if (file_.empty()) user_folder(environment_, UserFolder::Data);  // Says what is missing.
  const FileLock lock = locked(file_);
  std::vector<fs::path> paths = list();
  if (is_there(paths)) return false;
  paths.push_back(common_directory);
  std::sort(paths.begin(), paths.end());
  write(paths);
  return true;
}

bool RegisteredRepositories::move(const fs::path& from, const fs::path& to) {
  const auto before = list();
  if (std::find(before.begin(), before.end(), from) == before.end()) return false;
  add(to);
  return remove(from);
}

bool RegisteredRepositories::remove(const fs::path& common_directory) {
  if (file_.empty()) return false;
  const FileLock lock = locked(file_);
  std::vector<fs::path> paths = list();
  if (std::erase(paths, common_directory) == 0) return false;
  write(paths);
  return true;
}

void RegisteredRepositories::write(const std::vector<fs::path>& paths) const {
  std::string text;
  for (const fs::path& path : paths) text += path.string() + "\n";
  write_file(file_, text);
}

void register_repository(Project& project) {
  try {
    RegisteredRepositories(project.environment()).add(project.repository().common_directory());
  } catch (const Error& error) {
    project.message(fmt::format("warning: neither the timer nor the service will find this repository: {}",
                                error.what()));
  }
}

void follow_registration(Project& project, const fs::path& before) {
  try {
    RegisteredRepositories(project.environment()).move(before, project.repository().common_directory());
  } catch (const Error&) {
    // The next command that registers says it.
  }
}

void register_when_scheduled(Project& project, const Definition& definition) {
  if (definition.enabled && !definition.schedule.empty()) register_repository(project);
}

namespace {

/// Every way in which a repository with this path may stand on the list.
std::vector<std::filesystem::path> ways_to_name(const std::filesystem::path& repository) {
  std::vector<std::filesystem::path> ways{repository, repository / ".git"};
  std::error_code error;
  if (const auto canonical = std::filesystem::canonical(repository, error); !error) {
    ways.push_back(canonical);
    ways.push_back(canonical / ".git");
  }
  return ways;
}

}  // namespace

std::filesystem::path forget_repository(Project& project, const std::string& path) {
  const auto repository = path.empty() ? project.repository().common_directory()
                                       : (std::filesystem::current_path() / path).lexically_normal();
  RegisteredRepositories registered(project.environment());
  for (const auto& one : ways_to_name(repository)) {
    if (registered.remove(one)) return one;
  }
  throw Error(ErrorKind::NotFound, fmt::format("{} is not among the repositories", repository.string()),
              "see: git changeling schedule status");
}

std::vector<std::string> repositories_of_user(Project& project) {
  std::set<std::string> all;
  for (const auto& path : project::RegisteredRepositories(project.environment()).list())
    all.insert(path.string());
  if (const auto here = repository_here(project)) all.insert(*here);
  return {all.begin(), all.end()};
}

Opening opening_of(const Project& project, const std::string& git_folder) {
  Opening opening = project.opening();
  opening.environment = git::without_repository_variables(project.environment());
  opening.directories = {git_folder};
  return opening;
}

}  // namespace changeling::project
