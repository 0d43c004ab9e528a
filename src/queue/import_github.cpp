#include <fmt/format.h>

#include "queue/import_formats.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "support/visible_text.hpp"

namespace changeling::queue {
namespace {

constexpr std::string_view role_label = "role-";

std::string without_carriage_returns(std::string text) {
  std::erase(text, '\r');
  return text;
}

/// The first of the keys that is there: gh writes createdAt where the REST API writes created_at.
std::optional<std::string> first_text(const Json& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (auto text = json_string(object, key)) return text;
  }
  return std::nullopt;
}

/// Labels are objects with a name, or plain words.
std::vector<std::string> label_names(const Json& issue) {
  std::vector<std::string> names;
  const auto list = issue.find("labels");
  if (list == issue.end() || list->is_null()) return names;
  if (!list->is_array()) {
    throw Error(ErrorKind::Invalid, fmt::format("labels: expected a list, found {}", list->type_name()));
  }
  for (const Json& label : *list) {
    const auto name = label.is_string()   ? std::optional(label.get<std::string>())
                      : label.is_object() ? json_string(label, "name")
                                          : std::nullopt;
    if (!name) throw Error(ErrorKind::Invalid, "labels: expected names or objects with a name");
    names.push_back(*name);
  }
  return names;
}

Task read_issue(const Json& issue, const Task& defaults) {
  Task task = defaults;
  // Whoever triages an issue reads its page; what the page does not show is no part of the order.
  task.title = std::string(trim(without_invisible_characters(json_string(issue, "title").value_or(""))));
  if (task.title.empty()) throw Error(ErrorKind::Invalid, "title: an issue needs one");
  task.description = visible_markdown(without_carriage_returns(json_string(issue, "body").value_or("")));
  if (const auto state = json_string(issue, "state"); state && to_lower(*state) == "closed")
    task.status = TaskStatus::Done;
  for (std::string& name : label_names(issue)) {
    // A role is a label elsewhere and a field here.
    if (name.starts_with(role_label) && name.size() > role_label.size()) {
      task.role = name.substr(role_label.size());
    } else {
      task.labels.push_back(std::move(name));
    }
  }
  std::sort(task.labels.begin(), task.labels.end());
  task.labels.erase(std::unique(task.labels.begin(), task.labels.end()), task.labels.end());
  if (const auto number = json_integer(issue, "number")) task.source = fmt::format("github:{}", *number);
  if (const auto url = first_text(issue, {"html_url", "url"})) {
    if (!task.description.empty()) task.description += "\n\n";
    task.description += "From " + *url;
  }
  if (const auto created = first_text(issue, {"created_at", "createdAt"})) {
    try {
      task.created_at = parse_timestamp(*created);
    } catch (const Error& error) {
      throw Error(ErrorKind::Invalid, fmt::format("created_at: {}", error.what()), error.hint());
    }
  }
  return task;
}

}  // namespace

bool looks_like_issue(const Json& object) {
  if (!object.is_object()) return false;
  const auto has = [&](const char* key) { return object.contains(key); };
  return has("number") || has("body") || has("html_url") || has("pull_request");
}

void read_issues(std::string_view text, const std::string& file_name, const Task& defaults, Import& result) {
  each_json_object(text, file_name, [&](const Json& issue, const std::string& place) {
    // The REST API lists pull requests among the issues.
    if (const auto pull = issue.find("pull_request"); pull != issue.end() && !pull->is_null()) {
      ++result.pull_requests;
      return;
    }
    try {
      result.tasks.push_back({read_issue(issue, defaults), place});
    } catch (const Error& error) {
      throw Error(ErrorKind::Invalid, fmt::format("{}: {}", place, error.what()), error.hint());
    }
  });
}

}  // namespace changeling::queue
