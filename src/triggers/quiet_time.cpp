#include "triggers/quiet_time.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/base_branch.hpp"
#include "project/trust.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/sha256.hpp"
#include "support/user_folders.hpp"

namespace changeling::triggers {
namespace {

/// However far away the next time is, definitions may say more to a newer version of this program.
constexpr Duration longest_quiet = std::chrono::hours(24);
/// A pause ends, a cap begins anew, a run turns out to be dead: no record tells.
constexpr Duration patience_with_obstacles = std::chrono::minutes(5);

std::string change_of(const std::filesystem::path& path) {
  std::error_code missing;
  const auto time = std::filesystem::last_write_time(path, missing);
  return missing ? "-" : std::to_string(time.time_since_epoch().count());
}

std::string commit_of(const std::optional<git::ObjectId>& commit) {
  return commit ? commit->hex() : "-";
}

std::string base_commit(project::Project& project) {
  const git::Repository& repository = project.repository();
  try {
    const std::string branch = project::base_branch(repository, project.remote(), Definition());
    return commit_of(repository.resolve("refs/heads/" + branch)) +
           commit_of(repository.resolve(fmt::format("refs/remotes/{}/{}", project.remote(), branch)));
  } catch (const Error&) {
    return "-";
  }
}

/// Everything but the time that judging looks at.
std::string situation_of(project::Project& project) {
  const git::Repository& repository = project.repository();
  std::string text = commit_of(repository.resolve(project.store().reference()));
  text += base_commit(project) + project::open_approvals(project).change_mark();
  if (const auto folder = find_user_folder(project.environment(), UserFolder::Config))
    text += change_of(*folder / "config.toml");
  text += change_of(project.places().halt_file());
  for (const auto& [key, value] : repository.config_section("changeling"))
    text += fmt::format("\n{}={}", key, value);
  for (const std::string& remote : repository.remotes())
    text += fmt::format("\n{} {}", remote, repository.remote_url(remote).value_or(""));
  return sha256_hex(text);
}

}  // namespace

QuietTime::QuietTime(project::Project& project)
    : file_(project.places().local_folder() / "quiet-time.json"), situation_(situation_of(project)) {}

bool QuietTime::covers(Timestamp now) const {
  try {
    const auto text = read_file_if_exists(file_);
    if (!text) return false;
    const Json object = parse_json(*text, file_.string());
    const auto since = json_timestamp(object, "since");
    const auto until = json_timestamp(object, "until");
    return json_string(object, "situation") == situation_ && since && until && *since <= now && now < *until;
  } catch (const Error&) {
    return false;
  }
}

void QuietTime::remember(const std::vector<triggers::DueChangeling>& judged, Timestamp now) const {
  Timestamp until = now + longest_quiet;
  for (const triggers::DueChangeling& due : judged) {
    if (due.decision.verdict == triggers::Decision::Verdict::Due) return;
    if (due.decision.verdict == triggers::Decision::Verdict::HeldBack)
      until = std::min(until, now + patience_with_obstacles);
    if (due.decision.next) until = std::min(until, *due.decision.next);
  }
  const Json object{
      {"situation", situation_}, {"since", format_timestamp(now)}, {"until", format_timestamp(until)}};
  write_file(file_, object.dump() + "\n");
}

}  // namespace changeling::triggers
