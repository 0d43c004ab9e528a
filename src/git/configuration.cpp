#include "git/configuration.hpp"
#include "git/last_words.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <string_view>

#include "git/config_overrides.hpp"
#include "git/program.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

/// A worker lives for days, and must see soon that changeling.disabled was set.
constexpr auto answer_holds = std::chrono::seconds(1);

/// Whether git reads another system-wide file than libgit2. Those of distributions read /etc/gitconfig; one
/// with a prefix of its own has it below that.
bool has_other_files(const Environment& environment) {
  if (environment.get("GIT_CONFIG_NOSYSTEM").value_or("0") != "0") return false;
  if (environment.get("GIT_CONFIG_SYSTEM")) return true;
  const auto program = find_program("git", environment);
  return program && *program != "/usr/bin/git" && *program != "/bin/git";
}

bool is_beyond_libgit2(std::string_view key, std::string_view value) {
  return key.starts_with("include.") || key.starts_with("includeif.") ||
         (key == "extensions.worktreeconfig" && value != "false");
}

/// libgit2 looks for files once, when it reads the configuration first.
std::vector<std::string> files_of_libgit2(git_repository* repository, const Environment& environment) {
  std::vector<std::string> files{std::string(git_repository_commondir(repository)) + "config"};
  for (const auto find : {git_config_find_system, git_config_find_xdg, git_config_find_global}) {
    Buffer path;
    if (find(path.get()) == 0) files.emplace_back(path.view());
  }
  if (const auto file = environment.get("GIT_CONFIG_GLOBAL")) files.push_back(*file);
  return files;
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

Configuration::Configuration(git_repository* repository, const AskGit& ask, const Environment& environment)
    : repository_(repository),
      ask_(ask),
      git_has_other_files_(has_other_files(environment)),
      files_(files_of_libgit2(repository, environment)) {
  for (auto& [key, value] : configuration_overrides(environment)) {
    overrides_.emplace_back(normalized_key(key), std::move(value));
    if (is_beyond_libgit2(overrides_.back().first, overrides_.back().second)) git_has_other_files_ = true;
  }
}

const Configuration::Entries& Configuration::entries() const {
  return frozen_ ? *frozen_ : read();
}

const Configuration::Entries& Configuration::newest_entries() const {
  try {
    return read();
  } catch (const Error&) {
    if (!frozen_) throw;
    return *frozen_;
  }
}

Configuration::Entries Configuration::file_entries() const {
  Entries entries = this->entries();
  // What we were told comes last, by libgit2's reading and by git's.
  const bool ends_with_overrides = entries.size() >= overrides_.size() &&
                                   std::equal(overrides_.rbegin(), overrides_.rend(), entries.rbegin());
  if (ends_with_overrides) entries.resize(entries.size() - overrides_.size());
  return entries;
}

const Configuration::Entries& Configuration::read() const {
  if (git_has_other_files_) return answer_of_git();
  std::vector<FileState> states = file_states();
  if (!plain_ || states != plain_states_) {
    plain_ = read_plain_files();
    plain_states_ = std::move(states);
  }
  return plain_ ? *plain_ : answer_of_git();
}

std::vector<Configuration::FileState> Configuration::file_states() const {
  std::vector<FileState> states;
  for (const std::string& file : files_) {
    struct stat info {};
    FileState& state = states.emplace_back();
    if (::stat(file.c_str(), &info) == 0)
      state = {info.st_ino, info.st_size, nanoseconds(info.st_mtim), nanoseconds(info.st_ctim)};
  }
  return states;
}

std::optional<Configuration::Entries> Configuration::read_plain_files() const {
  ConfigHandle configuration;
  check(git_repository_config_snapshot(out(configuration), repository_), "read the configuration");
  ConfigIteratorHandle iterator;
  check(git_config_iterator_new(out(iterator), configuration.get()), "read the configuration");
  Entries entries;
  git_config_entry* entry = nullptr;
  while (git_config_next(&entry, iterator.get()) == 0) {
    const std::string_view value = entry->value == nullptr ? "true" : entry->value;
    if (is_beyond_libgit2(entry->name, value)) return std::nullopt;
    entries.emplace_back(entry->name, value);
  }
  entries.insert(entries.end(), overrides_.begin(), overrides_.end());
  return entries;
}

const Configuration::Entries& Configuration::answer_of_git() const {
  const auto now = std::chrono::steady_clock::now();
  if (asked_ && now - asked_at_ < answer_holds) return *asked_;
  const ProcessResult result = ask_({"config", "--list", "--includes", "-z"});
  if (!result.status.success())
    throw Error(ErrorKind::Git, fmt::format("could not read the configuration: {}", last_words(result)));
  Entries entries;
  for (const std::string& record : split(result.output, '\0')) {
    if (record.empty()) continue;
    const auto line_end = record.find('\n');
    entries.emplace_back(record.substr(0, line_end),
                         line_end == std::string::npos ? "true" : record.substr(line_end + 1));
  }
  asked_ = std::move(entries);
  asked_at_ = now;
  return *asked_;
}

}  // namespace changeling::git
