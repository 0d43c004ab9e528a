#include "project/credentials.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

/// A variable with a larger value cannot be handed to a program (execve(2): MAX_ARG_STRLEN).
constexpr std::size_t longest_value = 100'000;

/// Throws unless the path belongs to this user alone. A symbolic link is not followed.
void check_private(const fs::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return;
  const bool is_plain = S_ISDIR(info.st_mode) || S_ISREG(info.st_mode);
  if (info.st_uid == ::geteuid() && is_plain && (info.st_mode & 077U) == 0) return;
  throw Error(ErrorKind::Refused, fmt::format("credentials: {} is not yours alone", path.string()),
              fmt::format("if nobody has changed it: chmod go= {}; otherwise remove it and set it again",
                          path.string()));
}

/// The names in a folder, sorted; none where it is not there.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, missing))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Timestamp time_of(const fs::path& file) {
  struct stat info {};
  if (::lstat(file.c_str(), &info) != 0) return {};
  return Timestamp(std::chrono::floor<Duration>(std::chrono::seconds(info.st_mtim.tv_sec) +
                                                std::chrono::nanoseconds(info.st_mtim.tv_nsec)));
}

void check_value(const std::string& value) {
  if (value.empty()) throw Error(ErrorKind::Invalid, "nothing was given as the credential");
  if (value.size() > longest_value)
    throw Error(ErrorKind::Invalid, "the credential is longer than any variable can be");
  if (std::any_of(value.begin(), value.end(), [](char letter) { return letter >= 0 && letter < ' '; }))
    throw Error(ErrorKind::Invalid, "the credential has line ends or control characters in it");
}

}  // namespace

bool is_given(const Environment& environment, const std::string& variable) {
  return !environment.get(variable).value_or("").empty();
}

Credentials::Credentials(const Environment& environment) {
  if (const auto folder = find_user_folder(environment, UserFolder::Data)) root_ = *folder / "credentials";
}

fs::path Credentials::file(const std::string& agent, const std::string& variable) const {
  return root_ / agent / variable;
}

std::vector<KeptCredential> Credentials::list() const {
  std::vector<KeptCredential> kept;
  if (root_.empty()) return kept;
  check_private(root_);
  for (const std::string& agent : names_in(root_)) {
    check_private(root_ / agent);
    for (const std::string& variable : names_in(root_ / agent)) {
      check_private(file(agent, variable));
      kept.push_back({agent, variable, time_of(file(agent, variable))});
    }
  }
  return kept;
}

void Credentials::keep(const std::string& agent, const std::string& variable,
                       const std::string& value) const {
  if (root_.empty()) throw Error(ErrorKind::Invalid, "there is no home folder to keep it in", "set HOME");
  check_value(value);
  check_private(root_);
  check_private(root_ / agent);
  write_file(file(agent, variable), value);
}

bool Credentials::remove(const std::string& agent, const std::string& variable) const {
  if (root_.empty()) return false;
  std::error_code failed;
  const bool was_there = fs::remove(file(agent, variable), failed);
  if (failed)
    throw Error(ErrorKind::Io,
                fmt::format("{} cannot be removed: {}", file(agent, variable).string(), failed.message()));
  fs::remove(root_ / agent, failed);  // Fails while another one is in it.
  return was_there;
}

void Credentials::add_to(Environment& environment, const AgentType& agent) const {
  for (const KeptCredential& kept : list()) {
    const auto& taken = agent.pass_environment;
    const bool is_taken = std::find(taken.begin(), taken.end(), kept.variable) != taken.end();
    if (kept.agent != agent.name || !is_taken || is_given(environment, kept.variable)) continue;
    if (const auto value = read_file_if_exists(file(kept.agent, kept.variable)))
      environment.set(kept.variable, *value);
  }
}

std::vector<std::string> credential_variables(const AgentType& agent) {
  constexpr std::array endings{"_KEY", "_TOKEN", "_SECRET", "_PASSWORD"};
  std::vector<std::string> names;
  for (const std::string& name : agent.pass_environment) {
    if (std::any_of(endings.begin(), endings.end(),
                    [&](const char* ending) { return name.ends_with(ending); }))
      names.push_back(name);
  }
  return names;
}

}  // namespace changeling::project
