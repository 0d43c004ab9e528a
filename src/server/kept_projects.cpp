#include "server/kept_projects.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

namespace changeling::server {
namespace {

namespace fs = std::filesystem;

/// Changes with the file: another one, another size or time; the same text for as long as there is none.
std::string stamp_of_file(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "-;";
  return fmt::format("{}:{}:{}:{}.{};", status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec);
}

std::string stamp_of_folder(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "-;";
  return fmt::format("{}:{};", status.st_dev, status.st_ino);
}

/// Where git and this program look for the user's settings.
std::vector<fs::path> user_files(const Environment& environment) {
  const fs::path home = environment.get("HOME").value_or("");
  const std::string given = environment.get("XDG_CONFIG_HOME").value_or("");
  const fs::path config = given.empty() ? home / ".config" : fs::path(given);
  return {home / ".gitconfig", config / "git" / "config", config / "git-changeling" / "config.toml",
          "/etc/gitconfig"};
}

}  // namespace

KeptProjects::KeptProjects(const Environment& environment, Open open, Now now)
    : open_(std::move(open)), now_(std::move(now)), user_files_(user_files(environment)) {}

std::string KeptProjects::stamp_of(const std::string& folder) const {
  std::string stamp = stamp_of_folder(folder) + stamp_of_file(fs::path(folder) / "config");
  for (const fs::path& file : user_files_) stamp += stamp_of_file(file);
  return stamp;
}

project::Project& KeptProjects::for_reading(const std::string& folder) {
  const auto now = now_();
  std::string stamp = stamp_of(folder);
  const auto known =
      std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.folder == folder; });
  if (known != kept_.end() && known->stamp == stamp && now - known->since < longest_time)
    return *known->project;
  drop(folder);
  // Noted before it is opened: what changes meanwhile is seen the next time.
  kept_.push_front({folder, std::move(stamp), now, open_(folder)});
  if (kept_.size() > most) kept_.pop_back();
  return *kept_.front().project;
}

void KeptProjects::drop(const std::string& folder) {
  std::erase_if(kept_, [&](const Kept& kept) { return kept.folder == folder; });
}

}  // namespace changeling::server
