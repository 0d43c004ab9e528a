#include "work/github_issues.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::work {
namespace {

using Purpose = forge::GitHubApi::Purpose;

const Purpose reading{"read the issues", "Issues: read"};

Purpose writing(const std::string& action) {
  return {action, "Issues: write"};
}

std::vector<std::string> names_in(const Json& issue, const char* list, const char* key) {
  std::vector<std::string> names;
  const auto found = issue.find(list);
  if (found == issue.end() || !found->is_array()) return names;
  for (const Json& entry : *found) {
    if (entry.is_string()) names.push_back(entry.get<std::string>());
    if (entry.is_object()) names.push_back(json_string(entry, key).value_or(""));
  }
  return names;
}

Issue from_json(const Json& object) {
  Issue issue;
  const auto number = json_integer(object, "number");
  if (!number) throw Error(ErrorKind::External, "the server answered with an issue that has no number");
  issue.number = *number;
  issue.open = json_string(object, "state").value_or("") == "open";
  issue.labels = names_in(object, "labels", "name");
  issue.assignees = names_in(object, "assignees", "login");
  return issue;
}

bool is_pull_request(const Json& issue) {
  const auto pull = issue.find("pull_request");
  return pull != issue.end() && !pull->is_null();
}

/// GitHub compares names of labels and logins without regard to case.
bool same(const std::string& one, const std::string& two) {
  return to_lower(one) == to_lower(two);
}

}  // namespace

bool Issue::has_label(const std::string& name) const {
  return std::any_of(labels.begin(), labels.end(),
                     [&](const std::string& label) { return same(label, name); });
}

std::optional<std::string> Issue::assigned_to_other_than(const std::string& login) const {
  for (const std::string& assignee : assignees) {
    if (!same(assignee, login)) return assignee;
  }
  return std::nullopt;
}

void GitHubIssues::each_open(const std::vector<std::string>& labels,
                             const std::function<bool(const Issue&, const Json&)>& take) const {
  const std::string query =
      fmt::format("state=open&sort=created&direction=asc&labels={}", forge::encoded(join(labels, ",")));
  api_.each("/issues", query, reading, [&](const Json& object) {
    if (is_pull_request(object)) return true;
    const Issue issue = from_json(object);
    // The server's filter is not relied on: an unknown parameter would be ignored and return everything.
    const bool wanted =
        issue.open && std::all_of(labels.begin(), labels.end(),
                                  [&](const std::string& label) { return issue.has_label(label); });
    return !wanted || take(issue, object);
  });
}

Issue GitHubIssues::find(std::int64_t number, Json* whole) const {
  const auto object = api_.get_if_exists(fmt::format("/issues/{}", number), reading);
  if (!object) {
    throw Error(ErrorKind::NotFound, fmt::format("issue #{} is not in {} any more", number, api_.full_name()),
                "it was deleted or moved to another repository");
  }
  if (whole != nullptr) *whole = *object;
  return from_json(*object);
}

std::vector<Json> GitHubIssues::comments(std::int64_t issue) const {
  std::vector<Json> list;
  // This list has one order only, the oldest first.
  api_.each(fmt::format("/issues/{}/comments", issue), "page=1", reading, [&](const Json& comment) {
    list.push_back(comment);
    return true;
  });
  return list;
}

std::optional<Json> GitHubIssues::find_comment(std::int64_t comment) const {
  return api_.get_if_exists(fmt::format("/issues/comments/{}", comment), reading);
}

Json GitHubIssues::add_comment(std::int64_t issue, const std::string& body, const std::string& mark) const {
  const auto find_made = [&]() -> std::optional<Json> {
    for (const Json& comment : comments(issue)) {
      if (json_string(comment, "body").value_or("").find(mark) != std::string::npos) return comment;
    }
    return std::nullopt;
  };
  return api_.create(fmt::format("/issues/{}/comments", issue), {{"body", body}},
                     writing(fmt::format("comment on issue #{}", issue)), find_made);
}

bool GitHubIssues::edit_comment(std::int64_t comment, const std::string& body) const {
  return api_
      .send_if_exists("PATCH", fmt::format("/issues/comments/{}", comment), {{"body", body}},
                      writing("edit a comment"))
      .has_value();
}

void GitHubIssues::remove_comment(std::int64_t comment) const {
  api_.remove(fmt::format("/issues/comments/{}", comment), nullptr, writing("remove a comment"));
}

void GitHubIssues::add_label(std::int64_t issue, const std::string& label) const {
  api_.send("POST", fmt::format("/issues/{}/labels", issue), {{"labels", {label}}},
            writing(fmt::format("label issue #{}", issue)));
}

void GitHubIssues::remove_label(std::int64_t issue, const std::string& label) const {
  api_.remove(fmt::format("/issues/{}/labels/{}", issue, forge::encoded(label)), nullptr,
              writing(fmt::format("label issue #{}", issue)));
}

void GitHubIssues::assign(std::int64_t issue, const std::string& login) const {
  try {
    api_.send("POST", fmt::format("/issues/{}/assignees", issue), {{"assignees", {login}}},
              writing(fmt::format("assign issue #{}", issue)));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::External && error.kind() != ErrorKind::Refused) throw;
  }
}

void GitHubIssues::unassign(std::int64_t issue, const std::string& login) const {
  try {
    api_.remove(fmt::format("/issues/{}/assignees", issue), {{"assignees", {login}}},
                writing(fmt::format("assign issue #{}", issue)));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::External && error.kind() != ErrorKind::Refused) throw;
  }
}

}  // namespace changeling::work
