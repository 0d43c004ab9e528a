#include "git/configuration.hpp"
#include "git/last_words.hpp"

#include <fmt/format.h>

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

}  // namespace

Configuration::Configuration(git_repository* repository, const AskGit& ask, const Environment& environment)
    : repository_(repository), ask_(ask), git_has_other_files_(has_other_files(environment)) {
  for (auto& [key, value] : configuration_overrides(environment)) {
    overrides_.emplace_back(normalized_key(key), std::move(value));
    if (is_beyond_libgit2(overrides_.back().first, overrides_.back().second)) git_has_other_files_ = true;
  }
}

Configuration::Entries Configuration::entries() const {
  if (!git_has_other_files_) {
    if (auto plain = read_plain_files()) return std::move(*plain);
  }
  return answer_of_git();
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
