#include <fmt/format.h>

#include "cli/body_text.hpp"
#include "cli/browser.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/diff_text.hpp"
#include "cli/request_number.hpp"
#include "cli/review_text.hpp"
#include "cli/text_block.hpp"
#include "forge/missing_commits.hpp"
#include "git/partial_clone.hpp"
#include "project/request_reviews.hpp"
#include "project/review.hpp"
#include "project/settings.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "view/pull_request.hpp"
#include "view/review.hpp"

namespace changeling::cli {
namespace {

struct ShowOptions {
  RequestNumber number;
  bool web = false;
};

std::string heading(const forge::PullRequest& pull, const Terminal& terminal) {
  std::string text = fmt::format("{} {}\n{} into {} from {}, by {}\n",
                                 styled(fmt::format("#{}", pull.number), Style::Yellow, terminal.color),
                                 styled(without_controls(pull.title), Style::Bold, terminal.color),
                                 styled(request_state(pull), request_style(pull), terminal.color),
                                 without_controls(pull.base), without_controls(pull.branch),
                                 pull.changeling.empty() ? "?" : without_controls(pull.changeling));
  if (!pull.labels.empty()) text += "labels: " + without_controls(join(pull.labels, ", ")) + "\n";
  if (!pull.reviewers.empty()) text += "reviewers: " + without_controls(join(pull.reviewers, ", ")) + "\n";
  if (!pull.url.starts_with("local:")) text += without_controls(pull.url) + "\n";
  return text;
}

void add_rejection(Context& context, const forge::PullRequest& pull, Answer& answer) {
  const auto record = store::read_pull_request(context.snapshot(), pull.number);
  if (!record || record->state != store::PullRequestState::Closed) return;
  answer.json["close_reason"] = record->close_reason;
  answer.text += without_controls(fmt::format(
                     "rejected by {}{}", record->closed_by.substr(0, record->closed_by.find(" <")),
                     record->close_reason.empty() ? "" : ": " + record->close_reason)) +
                 "\n";
}

/// What is to be known of the branch before one accepts it. Returns the option that accepting needs then.
std::string add_head(Context& context, const forge::PullRequest& pull, const forge::RequestHead& head,
                     Answer& answer) {
  if (head.kind == forge::RequestHead::Kind::Rewritten)
    context.message(fmt::format(
        "warning: {} was rewritten and does not contain this any more; it cannot be accepted", pull.branch));
  if (head.kind != forge::RequestHead::Kind::WithCommits) return "";
  answer.json["head"] = head.commit->hex();
  answer.text +=
      fmt::format("With what was committed to {} since: {} instead of {}.\n\n", without_controls(pull.branch),
                  head.commit->short_hex(), without_controls(pull.head.substr(0, 10)));
  return " --head " + head.commit->hex();
}

std::string missing_commits(Context& context, const forge::PullRequest& pull) {
  return fmt::format(
      "the commits are not all {}; fetch what is missing: {}",
      context.repository().is_shallow() ? "in this shallow clone" : "here",
      forge::fetch_command(context.repository(), context.remote(), {pull.head, pull.branch, pull.base}));
}

std::string difference(Context& context, const project::ComparedCommits& compared) {
  const auto& [from, to] = compared;
  git::fetch_differing_files(context.repository(), context.git(), from, to);
  return valid_utf8(context.repository().diff_text(from, to));
}

void add_difference(Context& context, const project::RequestReviews& reviews,
                    const project::ComparedCommits& compared, Answer& answer) {
  const std::string diff = difference(context, compared);
  const auto changes = context.repository().changes(compared.first, compared.second);
  answer.json["files"] = Json::array();
  for (const git::FileChange& change : changes)
    answer.json["files"].push_back(
        {{"path", change.path}, {"added", change.added_lines}, {"deleted", change.deleted_lines}});
  answer.json["diff"] = diff;
  answer.text += change_summary(changes, context.terminal()) + "\n" +
                 reviews_text(context, reviews, compared) + colored_diff(diff, context.terminal().color);
}

Answer show(Context& context, std::int64_t number) {
  const forge::PullRequest pull = project::current_request(context, number);
  Answer answer;
  answer.json = view::to_json(pull);
  answer.json["body"] = pull.body;
  answer.text = heading(pull, context.terminal());
  add_rejection(context, pull, answer);
  answer.text += "\n" + text_block(readable_body(pull.body)) + "\n";
  const project::RequestChanges changes = project::changes_of(context, pull);
  const std::string accept_options = add_head(context, pull, changes.head, answer);
  const project::RequestReviews reviews = project::reviews_of(context, pull, changes.commits);
  answer.json.update(view::to_json(reviews));
  if (!changes.commits) {
    answer.text += reviews_text(context, reviews, std::nullopt);
    context.message(missing_commits(context, pull));
    return answer;
  }
  add_difference(context, reviews, *changes.commits, answer);
  if (pull.state == "open")
    answer.next =
        fmt::format("\nThen: git changeling review accept {0}{1}    or    git changeling review reject {0}",
                    pull.number, accept_options);
  return answer;
}

/// Throws Error(NotFound) where nobody knows the address.
std::string page_of(Context& context, const forge::PullRequest& pull) {
  if (pull.url.starts_with("https://") || pull.url.starts_with("http://")) return pull.url;
  const auto dashboard = project::text_setting(context.repository(), "changeling.serveUrl");
  if (dashboard && !dashboard->empty()) return fmt::format("{}/#/review/{}", *dashboard, pull.number);
  throw Error(ErrorKind::NotFound, "where the dashboard is reached is not set",
              "start it with git changeling serve, and then: git config changeling.serveUrl URL");
}

Answer open_page(Context& context, std::int64_t number) {
  const std::string page = page_of(context, project::find_request(context, number));
  const bool opened = open_in_browser(context, page);
  return {{{"url", page}, {"opened", opened}}, without_controls(page) + "\n", 0};
}

Answer diff(Context& context, std::int64_t number) {
  const forge::PullRequest pull = project::current_request(context, number);
  const auto compared = project::changes_of(context, pull).commits;
  if (!compared) throw Error(ErrorKind::Unavailable, missing_commits(context, pull));
  const std::string text = difference(context, *compared);
  return {{{"number", pull.number},
           {"base", compared->first.hex()},
           {"head", compared->second.hex()},
           {"diff", text}},
          colored_diff(text, context.terminal().color),
          0};
}

}  // namespace

CommandSpec review_show_command() {
  return {"review show", "Show a pull request, its evidence, what was said of it, and its diff", "",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<ShowOptions>();
            options->number.declare(syntax);
            syntax.flag("--web", options->web,
                        "Open its page instead, of the forge or of the dashboard (changeling.serveUrl), with "
                        "BROWSER or xdg-open");
            return [options](Context& context) {
              const std::int64_t number = options->number.of(context);
              return options->web ? open_page(context, number) : show(context, number);
            };
          }};
}

CommandSpec review_diff_command() {
  return {"review diff", "Show what a pull request changes, as a diff", "", [](Syntax& syntax) -> Action {
            auto number = std::make_shared<RequestNumber>();
            number->declare(syntax);
            return [number](Context& context) { return diff(context, number->of(context)); };
          }};
}

}  // namespace changeling::cli
