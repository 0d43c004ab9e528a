#include "forge/github.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changeling/own_branch.hpp"
#include "forge/body.hpp"
#include "forge/foreign_markdown.hpp"
#include "forge/title.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

constexpr std::size_t body_limit = 65'000;          ///< GitHub refuses more than 65,536 characters.
constexpr std::size_t remembered_rejections = 300;  ///< Closed pull requests that are looked through.

const GitHubApi::Purpose reading{"read the pull requests", "Pull requests: read"};

GitHubApi::Purpose writing(const std::string& action) {
  return {action, "Pull requests: write"};
}

std::string text_at(const Json& object, std::initializer_list<const char*> keys) {
  const Json* value = &object;
  for (const char* key : keys) {
    if (!value->is_object()) return "";
    const auto found = value->find(key);
    if (found == value->end()) return "";
    value = &*found;
  }
  return value->is_string() ? value->get<std::string>() : "";
}

std::int64_t number_of(const Json& pull) {
  const auto number = json_integer(pull, "number");
  if (!number) throw Error(ErrorKind::External, "the server answered with a pull request that has no number");
  return *number;
}

/// The repository that the head branch lies in, in lower case. Empty for a fork that was deleted.
std::string head_repository(const Json& pull) {
  return to_lower(text_at(pull, {"head", "repo", "full_name"}));
}

std::vector<std::string> strings_in(const Json& list, const char* key) {
  std::vector<std::string> names;
  if (!list.is_array()) return names;
  for (const Json& entry : list) names.push_back(text_at(entry, {key}));
  return names;
}

/// All but the changeling, which only the forge can tell.
PullRequest without_owner(const Json& pull) {
  PullRequest result;
  result.number = number_of(pull);
  result.title = text_at(pull, {"title"});
  result.body = text_at(pull, {"body"});
  result.branch = text_at(pull, {"head", "ref"});
  result.base = text_at(pull, {"base", "ref"});
  result.head = text_at(pull, {"head", "sha"});
  result.state = !text_at(pull, {"merged_at"}).empty() ? "merged" : text_at(pull, {"state"});
  result.url = text_at(pull, {"html_url"});
  result.draft = json_bool(pull, "draft").value_or(false);
  result.labels = strings_in(pull.value("labels", Json::array()), "name");
  result.reviewers = strings_in(pull.value("requested_reviewers", Json::array()), "login");
  return result;
}

std::vector<std::string> missing_from(const std::vector<std::string>& wanted,
                                      const std::vector<std::string>& present) {
  std::vector<std::string> missing;
  for (const std::string& name : wanted) {
    const bool there = std::any_of(present.begin(), present.end(), [&](const std::string& other) {
      return to_lower(other) == to_lower(name);
    });
    if (!there) missing.push_back(name);
  }
  return missing;
}

/// "ORGANISATION/TEAM" is a team, anything else a person.
Json reviewers_body(const std::vector<std::string>& reviewers) {
  Json people = Json::array();
  Json teams = Json::array();
  for (const std::string& reviewer : reviewers) {
    const auto slash = reviewer.find('/');
    if (slash == std::string::npos)
      people.push_back(reviewer);
    else
      teams.push_back(reviewer.substr(slash + 1));
  }
  Json body = Json::object();
  if (!people.empty()) body["reviewers"] = people;
  if (!teams.empty()) body["team_reviewers"] = teams;
  return body;
}

void warn(std::vector<std::string>& warnings, std::int64_t number, const std::string& what,
          const Error& error) {
  if (error.kind() == ErrorKind::Interrupted) throw error;
  warnings.push_back(fmt::format("pull request #{} is there, but {}: {}", number, what, error.what()));
}

}  // namespace

GitHubForge::GitHubForge(http::HttpClient& client, const Clock& clock, http::RetryPolicy policy,
                         ForgeChoice choice)
    : head_(choice.fork.value_or(choice.repository)),
      prefix_(choice.branch_prefix),
      api_(client, clock, std::move(policy), std::move(choice)) {}

std::string GitHubForge::owning_changeling(const Json& pull) const {
  if (!lies_with_us(pull)) return "";
  // What the text says of itself was written by anybody who may open a pull request.
  const std::string branch = text_at(pull, {"head", "ref"});
  if (foreign_branch_problem(prefix_, branch, text_at(pull, {"base", "ref"}))) return "";
  return prefix_.changeling_of(branch);
}

bool GitHubForge::lies_with_us(const Json& pull) const {
  return head_repository(pull) == to_lower(fmt::format("{}/{}", head_.owner, head_.name));
}

bool GitHubForge::is_fork() const {
  return head_ != api_.repository();
}

PullRequest GitHubForge::from_json(const Json& pull) const {
  PullRequest result = without_owner(pull);
  result.changeling = owning_changeling(pull);
  return result;
}

std::vector<PullRequest> GitHubForge::open_pull_requests() {
  std::vector<PullRequest> found;
  api_.each("/pulls", "state=open&sort=created&direction=asc", reading, [&](const Json& pull) {
    if (!owning_changeling(pull).empty()) found.push_back(from_json(pull));
    return true;
  });
  std::sort(found.begin(), found.end(),
            [](const auto& one, const auto& two) { return one.number < two.number; });
  return found;
}

std::optional<PullRequest> GitHubForge::find(std::int64_t number) {
  const auto pull = api_.get_if_exists(fmt::format("/pulls/{}", number), reading);
  if (pull) return from_json(*pull);
  // A token that cannot see the repository gets the same answer for everything; that must not pass for
  // "none".
  api_.get("", {"read the repository", "Metadata: read"});
  return std::nullopt;
}

std::vector<PullRequest> GitHubForge::list(std::size_t limit) {
  std::vector<PullRequest> found = open_pull_requests();
  const std::size_t total = found.size() + limit;
  if (limit == 0) return found;
  api_.each("/pulls", "state=closed&sort=created&direction=desc", reading, [&](const Json& pull) {
    if (!owning_changeling(pull).empty()) found.push_back(from_json(pull));
    return found.size() < total;
  });
  return found;
}

std::optional<Json> GitHubForge::open_one_for(const std::string& branch, bool with_retries) const {
  const std::string query =
      fmt::format("state=open&head={}", encoded(fmt::format("{}:{}", head_.owner, branch)));
  std::optional<Json> found;
  // The server's filter is not relied on: an unknown parameter would be ignored and return everybody's.
  const auto take = [&](const Json& pull) {
    if (lies_with_us(pull) && text_at(pull, {"head", "ref"}) == branch) found = pull;
    return !found.has_value();
  };
  if (with_retries) {
    api_.each("/pulls", query, reading, take);
  } else {
    for (const Json& pull : api_.look("/pulls", query, reading)) {
      if (!take(pull)) break;
    }
  }
  return found;
}

Json GitHubForge::create(const Proposal& proposal, bool& existed) const {
  const GitHubApi::Purpose purpose{"open a pull request", "Pull requests: write", proposal.branch,
                                   proposal.base};
  Json body = {{"title", fitting_title(proposal.title)},
               {"head", is_fork() ? fmt::format("{}:{}", head_.owner, proposal.branch) : proposal.branch},
               {"base", proposal.base},
               {"body", proposal.body},
               {"draft", proposal.draft}};
  // Two repositories of one owner in one network cannot be told apart by the owner.
  if (is_fork() && to_lower(head_.owner) == to_lower(api_.repository().owner)) body["head_repo"] = head_.name;
  const http::HttpResponse response = api_.try_create(
      "/pulls", body, purpose, [&] { return open_one_for(proposal.branch, /*with_retries=*/false); });
  if (response.status != 422) return api_.parse(response);
  if (read_refusal(response).mentions("a pull request already exists")) {
    // Somebody else, or an earlier attempt of this run, opened it after we looked.
    if (auto other = open_one_for(proposal.branch, /*with_retries=*/true)) {
      existed = true;
      return *std::move(other);
    }
  }
  throw api_.explain(response, purpose);
}

PullRequest GitHubForge::open(const Proposal& proposal, std::vector<std::string>& warnings) {
  std::optional<Json> pull = open_one_for(proposal.branch, /*with_retries=*/true);
  bool existed = pull.has_value();
  if (!pull) pull = create(proposal, existed);
  PullRequest result = existed ? refresh(*pull, proposal, warnings) : from_json(*pull);
  add_labels(*pull, proposal, warnings);
  ask_reviewers(*pull, proposal, warnings);
  return result;
}

Json GitHubForge::own_pull_request(std::int64_t number, const std::string& action) const {
  Json pull = api_.get(fmt::format("/pulls/{}", number), writing(action));
  if (owning_changeling(pull).empty()) {
    throw Error(ErrorKind::Refused,
                fmt::format("pull request #{} of {} was not made by a changeling", number, api_.full_name()),
                fmt::format("look at it with `gh pr view {}`", number));
  }
  return pull;
}

PullRequest GitHubForge::update(std::int64_t number, const Proposal& proposal,
                                std::vector<std::string>& warnings) {
  const Json pull = own_pull_request(number, fmt::format("update pull request #{}", number));
  if (text_at(pull, {"state"}) != "open") {
    throw Error(ErrorKind::Conflict, fmt::format("pull request #{} was closed meanwhile", number),
                "run the changeling again to open a new one");
  }
  return refresh(pull, proposal, warnings);
}

PullRequest GitHubForge::refresh(const Json& existing, const Proposal& proposal,
                                 std::vector<std::string>& warnings) const {
  const std::int64_t number = number_of(existing);
  std::string body = replace_generated_part(text_at(existing, {"body"}), proposal.body);
  if (body.size() > body_limit) body = proposal.body;
  Json changes{{"body", body}};
  // A title that people changed stays.
  const auto marker = read_marker(text_at(existing, {"body"}));
  if (marker && marker->title == title_mark(text_at(existing, {"title"})))
    changes["title"] = fitting_title(proposal.title);
  if (text_at(existing, {"base", "ref"}) != proposal.base) changes["base"] = proposal.base;
  const Json changed = api_.send("PATCH", fmt::format("/pulls/{}", number), changes,
                                 writing(fmt::format("update pull request #{}", number)));
  PullRequest result = from_json(changed);
  if (result.draft && !proposal.draft) {
    warnings.push_back(
        fmt::format("pull request #{} stays a draft; mark it ready with `gh pr ready {}`", number, number));
  } else if (!result.draft && proposal.draft) {
    warnings.push_back(fmt::format(
        "pull request #{} should be a draft now; make it one with `gh pr ready --undo {}`", number, number));
  }
  return result;
}

void GitHubForge::add_labels(const Json& pull, const Proposal& proposal,
                             std::vector<std::string>& warnings) const {
  const auto missing = missing_from(proposal.labels, strings_in(pull.value("labels", Json::array()), "name"));
  if (missing.empty()) return;
  const std::int64_t number = number_of(pull);
  try {
    api_.send("POST", fmt::format("/issues/{}/labels", number), {{"labels", missing}}, writing("add labels"));
  } catch (const Error& error) {
    warn(warnings, number, fmt::format("the labels {} were refused", join(missing, ", ")), error);
  }
}

void GitHubForge::ask_reviewers(const Json& pull, const Proposal& proposal,
                                std::vector<std::string>& warnings) const {
  std::vector<std::string> present = strings_in(pull.value("requested_reviewers", Json::array()), "login");
  for (const std::string& team : strings_in(pull.value("requested_teams", Json::array()), "slug")) {
    present.push_back(fmt::format("{}/{}", api_.repository().owner, team));
  }
  const auto missing = missing_from(proposal.reviewers, present);
  if (missing.empty()) return;
  const std::int64_t number = number_of(pull);
  const auto ask = [&](const std::vector<std::string>& reviewers) {
    api_.send("POST", fmt::format("/pulls/{}/requested_reviewers", number), reviewers_body(reviewers),
              writing("request reviews"));
  };
  try {
    ask(missing);
    return;
  } catch (const Error& error) {
    if (missing.size() == 1 || error.kind() != ErrorKind::Refused) {
      warn(warnings, number, fmt::format("reviews by {} were refused", join(missing, ", ")), error);
      return;
    }
  }
  // GitHub refuses all of them for one that it does not accept.
  for (const std::string& reviewer : missing) {
    try {
      ask({reviewer});
    } catch (const Error& error) {
      warn(warnings, number, fmt::format("a review by {} was refused", reviewer), error);
    }
  }
}

void GitHubForge::close(std::int64_t number, const std::string& reason) {
  const std::string action = fmt::format("close pull request #{}", number);
  const Json pull = own_pull_request(number, action);
  if (!text_at(pull, {"merged_at"}).empty()) {
    throw Error(ErrorKind::Refused, fmt::format("pull request #{} is merged already", number),
                "take the merge back with a pull request that reverts it");
  }
  if (text_at(pull, {"state"}) != "open") return;
  api_.send("PATCH", fmt::format("/pulls/{}", number), {{"state", "closed"}}, writing(action));
  if (reason.empty()) return;
  const std::string comments = fmt::format("/issues/{}/comments", number);
  try {
    api_.create(comments, {{"body", reason}}, writing("comment on a pull request"),
                [&]() -> std::optional<Json> {
                  for (const Json& comment : api_.look(comments, "sort=created", reading)) {
                    if (text_at(comment, {"body"}) == reason) return comment;
                  }
                  return std::nullopt;
                });
  } catch (const Error& error) {
    throw Error(error.kind(),
                fmt::format("pull request #{} is closed, but the reason could not be added: {}", number,
                            error.what()),
                error.hint());
  }
}

std::vector<std::string> GitHubForge::rejected_patch_ids(const std::string& changeling) {
  std::vector<std::string> rejected;
  std::size_t seen = 0;
  api_.each("/pulls", "state=closed&sort=created&direction=desc", reading, [&](const Json& pull) {
    const auto marker = read_marker(text_at(pull, {"body"}));
    const bool merged = !text_at(pull, {"merged_at"}).empty();
    if (marker && !marker->patch_id.empty() && !merged && owning_changeling(pull) == changeling) {
      rejected.push_back(marker->patch_id);
    }
    return ++seen < remembered_rejections;
  });
  return rejected;
}

std::string GitHubForge::open_issue(const std::string& title, const std::string& text,
                                    const std::vector<std::string>& labels) {
  const std::string body = harmless_markdown(text);
  Json content = {{"title", fitting_title(title)}, {"body", body}};
  if (!labels.empty()) content["labels"] = labels;
  const GitHubApi::Purpose purpose{"open an issue", "Issues: write"};
  const Json issue = api_.create("/issues", content, purpose, [&]() -> std::optional<Json> {
    for (const Json& other : api_.look("/issues", "state=open&sort=created&direction=desc", purpose)) {
      if (text_at(other, {"title"}) == fitting_title(title) && text_at(other, {"body"}) == body) return other;
    }
    return std::nullopt;
  });
  return text_at(issue, {"html_url"});
}

}  // namespace changeling::forge
