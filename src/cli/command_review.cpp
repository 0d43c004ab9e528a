#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/request_number.hpp"
#include "cli/review_text.hpp"
#include "cli/syntax.hpp"
#include "forge/accept.hpp"
#include "git/fetch_refspecs.hpp"
#include "git/locked_reference.hpp"
#include "git/remote_choice.hpp"
#include "project/own_branches.hpp"
#include "project/request_reviews.hpp"
#include "project/review.hpp"
#include "support/error.hpp"
#include "support/process.hpp"
#include "support/text.hpp"
#include "view/damage.hpp"
#include "view/pull_request.hpp"
#include "view/review.hpp"

namespace changeling::cli {
namespace {

struct ReviewOptions {
  RequestNumber number;
  std::string reason;
  bool all = false;
  bool delete_branch = false;
  std::string head;
};

/// "open, changes requested, 2 open threads"
std::string state_of(const forge::PullRequest& pull, const project::ReviewState& state) {
  const std::string reviews = pull.state == "open" ? review_state_text(state) : "";
  return request_state(pull) + (reviews.empty() ? "" : ", " + reviews);
}

Answer list(Context& context, const ReviewOptions& options) {
  context.require_state();
  constexpr std::size_t most_closed = 50;
  const auto pulls = project::list_requests(context, options.all ? std::optional(most_closed) : std::nullopt);
  Answer answer;
  answer.json = {{"pull_requests", Json::array()}};
  std::vector<std::vector<TableCell>> rows;
  for (const forge::PullRequest& pull : pulls) {
    const project::ReviewState state = project::review_state_of(context, pull);
    Json json = view::to_json(pull);
    view::add_review_state(json, state);
    answer.json["pull_requests"].push_back(std::move(json));
    rows.push_back({{fmt::format("#{}", pull.number), Style::Yellow},
                    {state_of(pull, state), state.changes_requested ? Style::Red : request_style(pull)},
                    {pull.changeling},
                    {pull.title}});
  }
  answer.json["damaged"] = view::to_json(context.damage());
  if (pulls.empty()) {
    context.message(options.all ? "no pull requests" : "no open pull requests");
    return answer;
  }
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  return answer;
}

void delete_branch(Context& context, const forge::PullRequest& pull) {
  git::Repository& repository = context.repository();
  const std::string reference = "refs/heads/" + pull.branch;
  try {
    if (const auto at = repository.resolve(reference)) repository.remove_reference(reference, *at);
  } catch (const git::LockedReference& error) {
    context.message(fmt::format("could not delete {}: {}", pull.branch, error.what()));
  }
  const std::string remote = git::choose_push_remote(repository, context.remote());
  if (remote.empty()) return;
  const ProcessResult result =
      context.git().run({"push", "--quiet", "--no-verify", remote, "--delete", pull.branch});
  if (!result.status.success() && result.error.find("remote ref does not exist") == std::string::npos) {
    context.message(fmt::format("could not delete {} on {}: {}", pull.branch, remote, trim(result.error)));
  }
}

/// A remote that cannot be pushed to, or a branch that is not a run's, is named before anything has changed.
void require_deletable(Context& context, const ReviewOptions& options, const forge::PullRequest& pull) {
  if (!options.delete_branch) return;
  static_cast<void>(git::choose_push_remote(context.repository(), context.remote()));
  project::require_own_branch(context.repository(), pull.branch, pull.base);
}

Answer accept(Context& context, const ReviewOptions& options) {
  const forge::PullRequest pull = project::find_request(context, options.number.of(context));
  require_deletable(context, options, pull);
  const forge::AcceptPlace place = project::accept_place(context, pull, options.head);
  const forge::Acceptance acceptance = forge::accept_pull_request(place, pull.number);
  if (options.delete_branch) delete_branch(context, pull);
  Answer answer;
  answer.json = view::to_json(project::find_request(context, pull.number));
  answer.json["merge_commit"] = acceptance.pull.merge_commit;
  const std::string_view how = acceptance.kind == forge::AcceptKind::FastForward ? "fast-forward"
                               : acceptance.kind == forge::AcceptKind::Merged    ? "merge commit"
                                                                                 : "it was in there already";
  answer.text = fmt::format("Merged #{} into {} ({}, now at {})\n", pull.number, without_controls(pull.base),
                            how, acceptance.pull.merge_commit.substr(0, 10));
  if (!acceptance.submodules.empty()) {
    context.message(
        fmt::format("bring the files of these submodules along with `git submodule update --init`: {}",
                    join(acceptance.submodules, ", ")));
  }
  if (forge::has_parted_from_remote(place, pull.base)) {
    answer.next = fmt::format(
        "{0} here and {1}/{0} have gone different ways; before you push, look at both: git log --left-right "
        "{0}...{1}/{0}",
        without_controls(pull.base), context.remote());
  } else if (const auto remote =
                 git::remote_that_overwrites(context.repository(), "refs/heads/" + pull.base)) {
    answer.next = fmt::format(
        "next: git push {} {}, before the next `git fetch`: in this clone it puts the {} of "
        "{} in the place of yours, without the merge",
        *remote, without_controls(pull.base), without_controls(pull.base), *remote);
  } else if (!context.remote().empty()) {
    answer.next = fmt::format("next: git push {} {}", context.remote(), without_controls(pull.base));
  }
  return answer;
}

Answer reject(Context& context, const ReviewOptions& options) {
  const forge::PullRequest pull = project::find_request(context, options.number.of(context));
  require_deletable(context, options, pull);
  project::require_rejectable(context, pull);
  if (pull.state == "closed" && options.delete_branch && options.reason.empty()) {
    delete_branch(context, pull);
    return {view::to_json(pull),
            fmt::format("Deleted the branch of #{}, which is rejected already\n", pull.number), 0};
  }
  if (pull.state == "closed" && context.forge().kind() != "local") {
    throw Error(ErrorKind::Refused, fmt::format("#{} is rejected already", pull.number),
                fmt::format("see: git changeling review show {}", pull.number));
  }
  context.forge().close(pull.number, options.reason);
  if (options.delete_branch) delete_branch(context, pull);
  return {view::to_json(project::find_request(context, pull.number)),
          fmt::format("Rejected #{}\n", pull.number), 0};
}

}  // namespace

CommandSpec review_list_command() {
  return {"review list", "List pull requests of changelings", "Only open ones, unless --all.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<ReviewOptions>();
            syntax.flag("-a,--all", options->all, "Also merged and rejected ones");
            return [options](Context& context) { return list(context, *options); };
          }};
}

CommandSpec review_accept_command() {
  return {
      "review accept", "Merge a pull request of the local forge",
      "Moves the base branch forward, or makes a merge commit. With conflicts, or when your uncommitted "
      "changes "
      "would be lost, nothing is changed. What people have committed to its branch since was checked by "
      "nobody: name the commit that you have looked at with --head.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ReviewOptions>();
        options->number.declare(syntax);
        syntax
            .value(
                "--head", options->head,
                "Merge its branch with the commits on top of what was checked; the newest has to be this one")
            .value_name("COMMIT");
        syntax.flag("--delete-branch", options->delete_branch,
                    "Delete its branch afterwards, here and on the remote");
        return [options](Context& context) { return accept(context, *options); };
      }};
}

CommandSpec review_reject_command() {
  return {"review reject", "Close a pull request without merging", "The same change is not proposed again.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<ReviewOptions>();
            options->number.declare(syntax);
            syntax.value("-r,--reason", options->reason, "Why, for the record").value_name("TEXT");
            syntax.flag("--delete-branch", options->delete_branch,
                        "Delete its branch afterwards, here and on the remote");
            return [options](Context& context) { return reject(context, *options); };
          }};
}

}  // namespace changeling::cli
