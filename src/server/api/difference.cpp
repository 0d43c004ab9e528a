// The changes of a pull request as a review shows them.
#include <fmt/format.h>

#include <algorithm>

#include "git/partial_clone.hpp"
#include "git/patch_text.hpp"
#include "project/review.hpp"
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

}  // namespace

namespace handlers {

Reply get_difference(Call& call) {
  const forge::PullRequest pull = project::current_request(call.project, number_of_request(call));
  const project::RequestChanges changes = project::changes_of(call.project, pull);
  if (!changes.commits)
    throw Error(ErrorKind::Unavailable,
                fmt::format("the commits of pull request {} are not all in this repository", pull.number),
                "fetch them: git fetch --all");
  const auto& [from, to] = *changes.commits;
  git::fetch_differing_files(call.project.repository(), call.project.git(), from, to);
  const std::string only = call.text("path");
  const Compared compared =
      compare(call.project.repository(), from, to, only.empty() ? git::PatchLimits() : limits_of_one_file);
  Json files = files_of(compared, only);
  if (!only.empty() && files.empty())
    throw Error(ErrorKind::NotFound,
                fmt::format("pull request {} does not change '{}'", pull.number, shortened(only)));
  return {{{"number", pull.number}, {"base", from.hex()}, {"head", to.hex()}, {"files", std::move(files)}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
