#include <fmt/format.h>

#include "cli/body_text.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/diff_text.hpp"
#include "cli/syntax.hpp"
#include "cli/text_block.hpp"
#include "forge/accept.hpp"
#include "forge/missing_commits.hpp"
#include "forge/pull_request_number.hpp"
#include "git/fetch_refspecs.hpp"
#include "git/locked_reference.hpp"
#include "git/partial_clone.hpp"
#include "git/remote_choice.hpp"
#include "project/own_branches.hpp"
#include "project/review.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/process.hpp"
#include "support/text.hpp"
#include "view/damage.hpp"
#include "view/pull_request.hpp"

namespace changeling::cli {
namespace {

struct ReviewOptions {
  std::int64_t number = 0;
  std::string reason;
  bool all = false;
  bool delete_branch = false;
  std::string head;
};

Style state_style(const std::string& state) {
  return state == "open" ? Style::Green : state == "merged" ? Style::Magenta : Style::Red;
}

Answer list(Context& context, const ReviewOptions& options) {
  context.require_state();
  constexpr std::size_t most_closed = 50;
  const auto pulls = project::list_requests(context, options.all ? std::optional(most_closed) : std::nullopt);
  Answer answer;
  answer.json = {{"pull_requests", Json::array()}, {"damaged", view::to_json(context.damage())}};
  std::vector<std::vector<TableCell>> rows;
  for (const forge::PullRequest& pull : pulls) {
    answer.json["pull_requests"].push_back(view::to_json(pull));
    rows.push_back({{fmt::format("#{}", pull.number), Style::Yellow},
                    {pull.draft && pull.state == "open" ? "draft" : pull.state, state_style(pull.state)},
                    {pull.changeling},
                    {pull.title}});
  }
  if (pulls.empty()) {
    context.message(options.all ? "no pull requests" : "no open pull requests");
    return answer;
  }
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  return answer;
}

Answer show(Context& context, const ReviewOptions& options) {
  context.require_state();
  const forge::PullRequest pull = project::current_request(context, options.number);
  const Terminal& terminal = context.terminal();
  Answer answer;
  answer.json = view::to_json(pull);
  answer.json["body"] = pull.body;
  answer.text = fmt::format("{} {}\n{} into {} from {}, by {}\n",
                            styled(fmt::format("#{}", pull.number), Style::Yellow, terminal.color),
                            styled(without_controls(pull.title), Style::Bold, terminal.color),
                            styled(pull.draft && pull.state == "open" ? "draft" : pull.state,
                                   state_style(pull.state), terminal.color),
                            without_controls(pull.base), without_controls(pull.branch),
                            pull.changeling.empty() ? "?" : without_controls(pull.changeling));
  if (!pull.labels.empty()) answer.text += "labels: " + without_controls(join(pull.labels, ", ")) + "\n";
  if (!pull.reviewers.empty())
    answer.text += "reviewers: " + without_controls(join(pull.reviewers, ", ")) + "\n";
  if (!pull.url.starts_with("local:")) answer.text += without_controls(pull.url) + "\n";
  if (const auto record = store::read_pull_request(context.snapshot(), pull.number);
      record && record->state == store::PullRequestState::Closed) {
    answer.json["close_reason"] = record->close_reason;
    answer.text += without_controls(fmt::format(
                       "rejected by {}{}", record->closed_by.substr(0, record->closed_by.find(" <")),
                       record->close_reason.empty() ? "" : ": " + record->close_reason)) +
                   "\n";
  }
  answer.text += "\n" + text_block(readable_body(pull.body)) + "\n";
  const project::RequestChanges changes = project::changes_of(context, pull);
  const forge::RequestHead& head = changes.head;
  std::string accept_options;
  if (head.kind == forge::RequestHead::Kind::WithCommits) {
    answer.json["head"] = head.commit->hex();
    answer.text += fmt::format("With what was committed to {} since: {} instead of {}.\n\n",
                               without_controls(pull.branch), head.commit->short_hex(),
                               without_controls(pull.head.substr(0, 10)));
    accept_options = " --head " + head.commit->hex();
  }
  if (head.kind == forge::RequestHead::Kind::Rewritten) {
    context.message(fmt::format(
        "warning: {} was rewritten and does not contain this any more; it cannot be accepted", pull.branch));
  }
  if (!changes.commits) {
    context.message(fmt::format(
        "the commits are not all {}; fetch what is missing: {}",
        context.repository().is_shallow() ? "in this shallow clone" : "here",
        forge::fetch_command(context.repository(), context.remote(), {pull.head, pull.branch, pull.base})));
    return answer;
  }
  const auto& [from, to] = *changes.commits;
  git::fetch_differing_files(context.repository(), context.git(), from, to);
  answer.json["files"] = Json::array();
  for (const git::FileChange& change : context.repository().changes(from, to)) {
    answer.json["files"].push_back(
        {{"path", change.path}, {"added", change.added_lines}, {"deleted", change.deleted_lines}});
  }
  const std::string diff = valid_utf8(context.repository().diff_text(from, to));
  answer.json["diff"] = diff;
  answer.text += change_summary(context.repository().changes(from, to), terminal) + "\n" +
                 colored_diff(diff, terminal.color);
  if (pull.state == "open") {
    answer.next =
        fmt::format("\nThen: git changeling review accept {0}{1}    or    git changeling review reject {0}",
                    pull.number, accept_options);
  }
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
  const forge::PullRequest pull = project::find_request(context, options.number);
  require_deletable(context, options, pull);
  const forge::AcceptPlace place = project::accept_place(context, pull, options.head);
  const forge::Acceptance acceptance = forge::accept_pull_request(place, pull.number);
  if (options.delete_branch) delete_branch(context, pull);
  Answer answer;
  answer.json = view::to_json(project::find_request(context, options.number));
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
  const forge::PullRequest pull = project::find_request(context, options.number);
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
  return {view::to_json(project::find_request(context, options.number)),
          fmt::format("Rejected #{}\n", pull.number), 0};
}

/// "#1" and "local:1", as they are shown, become "1".
std::string plain_number(std::string& word) {
  const auto number = forge::parse_pull_request_number(word);
  if (!number)
    return fmt::format("'{}' is no number of a pull request; it is written 1, #1 or local:1",
                       shortened(word));
  word = std::to_string(*number);
  return "";
}

Option add_number(Syntax& syntax, ReviewOptions& options) {
  return syntax.written_number("number", options.number, "Number of the pull request", plain_number)
      .value_name("NUMBER")
      .required();
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

CommandSpec review_show_command() {
  return {"review show", "Show a pull request, its evidence and its diff", "", [](Syntax& syntax) -> Action {
            auto options = std::make_shared<ReviewOptions>();
            add_number(syntax, *options);
            return [options](Context& context) { return show(context, *options); };
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
        add_number(syntax, *options);
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
            add_number(syntax, *options);
            syntax.value("-r,--reason", options->reason, "Why, for the record").value_name("TEXT");
            syntax.flag("--delete-branch", options->delete_branch,
                        "Delete its branch afterwards, here and on the remote");
            return [options](Context& context) { return reject(context, *options); };
          }};
}

}  // namespace changeling::cli
