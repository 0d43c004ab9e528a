// The changes of a pull request as a review shows them, and those of a run.
#include <fmt/format.h>

#include <algorithm>

#include "git/partial_clone.hpp"
#include "git/patch_text.hpp"
#include "project/review.hpp"
#include "project/run_lookup.hpp"
#include "server/api/handlers.hpp"
#include "server/api/pull_requests.hpp"
#include "support/text.hpp"
#include "view/difference.hpp"

namespace changeling::server::api {
namespace {

/// Of one file that is asked for alone.
constexpr git::PatchLimits limits_of_one_file{50000, 50000, 2000};

/// What the patches belong to, in their order.
struct Compared {
  std::vector<git::FileChange> changes;
  std::vector<git::FilePatch> patches;
};

Compared compare(const git::Repository& repository, const git::ObjectId& from, const git::ObjectId& to,
                 const git::PatchLimits& limits) {
  return {repository.changes(from, to), git::parse_patch(repository.diff_text(from, to), limits)};
}

Json files_of(const Compared& compared, const std::string& only) {
  Json files = Json::array();
  for (std::size_t index = 0; index < compared.changes.size(); ++index) {
    const git::FileChange& change = compared.changes[index];
    if (!only.empty() && change.path != only) continue;
    const git::FilePatch none;
    files.push_back(view::to_json(change, index < compared.patches.size() ? compared.patches[index] : none));
  }
  return files;
}

/// The files that differ; all of one that is asked for alone. `what` changes them, in words.
Json differing_files(Call& call, const git::ObjectId& from, const git::ObjectId& to,
                     const std::string& what) {
  git::fetch_differing_files(call.project.repository(), call.project.git(), from, to);
  const std::string only = call.text("path");
  const git::PatchLimits limits = only.empty() ? git::PatchLimits() : limits_of_one_file;
  Json files = files_of(compare(call.project.repository(), from, to, limits), only);
  if (!only.empty() && files.empty())
    throw Error(ErrorKind::NotFound, fmt::format("{} does not change '{}'", what, shortened(only)));
  return files;
}

[[noreturn]] void refuse_absent_commits(const std::string& what) {
  throw Error(ErrorKind::Unavailable, fmt::format("the commits of {} are not all in this repository", what),
              "fetch them: git fetch --all");
}

/// From where the work left its base to its newest commit.
std::pair<git::ObjectId, git::ObjectId> commits_of(const git::Repository& repository,
                                                   const store::RunRecord& run) {
  if (run.head.empty() || run.base_commit.empty())
    throw Error(ErrorKind::NotFound, fmt::format("run {} left no commit", run.id));
  const auto base = repository.resolve_revision(run.base_commit);
  const auto head = repository.resolve_revision(run.head);
  const auto fork = base && head ? repository.merge_base(*base, *head) : std::nullopt;
  if (!fork) refuse_absent_commits("run " + run.id);
  return {*fork, *head};
}

}  // namespace

namespace handlers {

Reply get_difference(Call& call) {
  const forge::PullRequest pull = project::current_request(call.project, number_of_request(call));
  const project::RequestChanges changes = project::changes_of(call.project, pull);
  const std::string what = fmt::format("pull request {}", pull.number);
  if (!changes.commits) refuse_absent_commits(what);
  const auto& [from, to] = *changes.commits;
  Json files = differing_files(call, from, to, what);
  return {{{"number", pull.number}, {"base", from.hex()}, {"head", to.hex()}, {"files", std::move(files)}}};
}

Reply get_run_difference(Call& call) {
  call.project.require_state();
  const store::RunRecord run = project::find_run(call.project, call.at("run"));
  const auto [from, to] = commits_of(call.project.repository(), run);
  Json files = differing_files(call, from, to, "run " + run.id);
  return {{{"run", run.id}, {"base", from.hex()}, {"head", to.hex()}, {"files", std::move(files)}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
