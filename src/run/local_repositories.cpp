#include "run/local_repositories.hpp"

#include <algorithm>

#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_configuration = 1024 * 1024;

bool is_git_folder(const fs::path& folder) {
  std::error_code unknown;
  return fs::is_regular_file(folder / "HEAD", unknown) && fs::is_directory(folder / "objects", unknown);
}

/// As `git clone` looks for it (git-clone(1), a local repository).
void add_git_folder(std::vector<fs::path>& found, const fs::path& named) {
  for (const fs::path& place : {named / ".git", named, fs::path(named.string() + ".git")}) {
    if (!is_git_folder(place)) continue;
    const fs::path normal = place.lexically_normal();
    if (std::find(found.begin(), found.end(), normal) == found.end()) found.push_back(normal);
    return;
  }
}

/// Empty for an address on another machine.
fs::path local_path(std::string address) {
  constexpr std::string_view scheme = "file://";
  if (address.starts_with(scheme)) address.erase(0, scheme.size());
  return address.starts_with('/') ? fs::path(address) : fs::path();
}

/// Of submodules that are checked out, at any depth: their git folders have those of their own in `modules`.
void add_configurations(std::vector<fs::path>& found, const fs::path& git_folder, int depth) {
  constexpr int deepest = 8;
  found.push_back(git_folder / "config");
  if (depth >= deepest) return;
  std::error_code none;
  // A submodule's name may have slashes.
  for (fs::recursive_directory_iterator entry(git_folder / "modules", none), end; !none && entry != end;
       entry.increment(none)) {
    if (!entry->is_directory(none) || !is_git_folder(entry->path())) continue;
    entry.disable_recursion_pending();
    add_configurations(found, entry->path(), depth + 1);
  }
}

bool is_relative(const std::string& address) {
  return address.starts_with("./") || address.starts_with("../");
}

/// The addresses that the user has given, or agreed to: `git submodule init` writes them there.
std::vector<std::string> users_addresses(const fs::path& common_directory) {
  std::vector<fs::path> configurations;
  add_configurations(configurations, common_directory, 0);
  std::vector<std::string> addresses;
  for (const fs::path& file : configurations) {
    for (std::string& address : addresses_in(read_regular_file(file, longest_configuration).value_or("")))
      addresses.push_back(std::move(address));
  }
  return addresses;
}

/// What the addresses of submodules may be relative to.
std::vector<fs::path> bases_of(const fs::path& common_directory) {
  std::vector<fs::path> bases{common_directory.filename() == ".git" ? common_directory.parent_path()
                                                                    : common_directory};
  for (const std::string& address : users_addresses(common_directory)) {
    if (const fs::path path = local_path(address); !path.empty()) bases.push_back(path);
  }
  return bases;
}

}  // namespace

std::vector<std::string> addresses_in(const std::string& configuration) {
  std::vector<std::string> addresses;
  for (const std::string_view line : split_lines(configuration)) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || to_lower(trim(line.substr(0, equals))) != "url") continue;
    std::string value(trim(line.substr(equals + 1)));
    std::erase(value, '"');
    addresses.push_back(std::move(value));
  }
  return addresses;
}

std::vector<fs::path> local_repositories(const fs::path& common_directory) {
  std::vector<fs::path> found;
  for (const std::string& address : users_addresses(common_directory)) {
    if (const fs::path path = local_path(address); !path.empty()) add_git_folder(found, path);
  }
  return found;
}

std::vector<std::string> unopened_submodules(const fs::path& common_directory, const fs::path& worktree) {
  const std::vector<fs::path> open = local_repositories(common_directory);
  const std::vector<fs::path> bases = bases_of(common_directory);
  std::vector<std::string> unopened;
  for (std::string& address :
       addresses_in(read_regular_file(worktree / ".gitmodules", longest_configuration).value_or(""))) {
    std::vector<fs::path> meant;
    if (const fs::path path = local_path(address); !path.empty()) add_git_folder(meant, path);
    for (const fs::path& base : bases) {
      if (is_relative(address)) add_git_folder(meant, (base / address).lexically_normal());
    }
    const bool is_closed = std::any_of(meant.begin(), meant.end(), [&](const fs::path& folder) {
      return std::find(open.begin(), open.end(), folder) == open.end();
    });
    if (is_closed) unopened.push_back(std::move(address));
  }
  return unopened;
}

}  // namespace changeling::run
