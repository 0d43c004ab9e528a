#include "changeling/field_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "changeling/hook_events.hpp"
#include "changeling/name.hpp"
#include "schedule/cron.hpp"
#include "schedule/time_zone.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::field_checks {
namespace {

using TextList = std::vector<std::string>;

[[noreturn]] void refuse(const std::string& message, std::string hint = "") {
  throw Error(ErrorKind::Invalid, message, std::move(hint));
}

const std::string& text_of(const FieldValue& value) {
  return std::get<std::string>(value);
}
const TextList& list_of(const FieldValue& value) {
  return std::get<TextList>(value);
}

void check_variable_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const bool valid =
      !name.empty() && letter(name.front()) &&
      std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
  if (!valid) {
    refuse(fmt::format(
        "\"{}\" is not the name of an environment variable; allowed are letters, digits and \"_\", "
        "not starting with a digit",
        name));
  }
  if (name.starts_with("CHANGELING_")) {
    refuse(
        fmt::format("\"{}\" is reserved; names starting with CHANGELING_ are set by the run itself", name));
  }
  // The agent never holds what can push or open pull requests; the runner does that for it.
  constexpr std::array<std::string_view, 8> forge_credentials = {
      "GITHUB_TOKEN", "GH_TOKEN",    "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN",
      "GITLAB_TOKEN", "GITEA_TOKEN", "SSH_AUTH_SOCK",       "GIT_ASKPASS"};
  if (std::find(forge_credentials.begin(), forge_credentials.end(), name) != forge_credentials.end()) {
    refuse(fmt::format("\"{}\" holds push or forge credentials, which an agent never gets", name),
           "if the agent must read from a service, give it a read-only token under another name");
  }
}

/// A name, or "*." before one; both with a port if need be.
bool is_host_pattern(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.starts_with('[')) {
    const std::string_view port = host.substr(colon + 1);
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), digit)) return false;
    host = host.substr(0, colon);
  }
  if (host.starts_with("*.")) host.remove_prefix(2);
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  };
  return !host.empty() && host.size() <= 253 && !host.starts_with('.') && !host.ends_with('.') &&
         std::all_of(host.begin(), host.end(), allowed);
}

void check_relative_path(std::string_view path) {
  if (path.starts_with('/') || path.starts_with('~')) {
    refuse(fmt::format("\"{}\" is not relative; allowed are paths from the repository's root", path));
  }
  for (const std::string& part : split(path, '/')) {
    if (part == "..") refuse(fmt::format("\"{}\" leaves the repository; \"..\" is not allowed", path));
    if (part == ".git") refuse(fmt::format("\"{}\" points into git's own folder", path));
  }
}

}  // namespace

void single_line(const FieldValue& value) {
  if (text_of(value).find_first_of("\r\n") != std::string::npos) refuse("must be a single line");
}

void name(const FieldValue& value) {
  const std::string& word = text_of(value);
  if (word.empty()) return;
  if (const auto problem = reference_component_problem(word)) {
    refuse(fmt::format("\"{}\" cannot be a name: it {}", word, *problem));
  }
}

void branch(const FieldValue& value) {
  const std::string& branch = text_of(value);
  if (branch.empty()) return;
  if (branch.starts_with("refs/")) {
    refuse(fmt::format("\"{}\" is a full reference; allowed is a branch name such as \"main\"", branch));
  }
  for (const std::string& component : split(branch, '/')) {
    if (const auto problem = reference_component_problem(component)) {
      refuse(fmt::format("\"{}\" cannot be a branch: \"{}\" {}", branch, component, *problem));
    }
  }
}

void schedule(const FieldValue& value) {
  if (text_of(value).empty()) return;
  const auto expression = schedule::CronExpression::parse(text_of(value));
  if (expression.always_comes()) return;
  refuse(fmt::format("\"{}\" {} such a day", expression.text(),
                     expression.is_open() ? "may never come: not every month that H can stand for has"
                                          : "never comes: no month has"));
}

void time_zone(const FieldValue& value) {
  const std::string& zone = text_of(value);
  if (schedule::is_known_time_zone(zone)) return;
  const std::string suggestion = schedule::suggest_time_zone(zone);
  refuse(fmt::format("\"{}\" is not a time zone; allowed are names of the system's database such as "
                     "\"Europe/Berlin\", \"UTC\", and \"local\" for the machine's own",
                     zone),
         suggestion.empty() ? "" : fmt::format("did you mean \"{}\"?", suggestion));
}

void events(const FieldValue& value) {
  constexpr std::string_view webhook = "webhook:";
  for (const std::string& event : list_of(value)) {
    if (is_hook_event(event)) continue;
    if (event.starts_with(webhook)) {
      const std::string_view name = std::string_view(event).substr(webhook.size());
      const auto problem = reference_component_problem(name);
      if (!problem) continue;
      refuse(fmt::format("\"{}\" is not an event: the webhook's name {}", event, *problem));
    }
    refuse(fmt::format("\"{}\" is not an event; allowed are {} and webhook:NAME", event,
                       join(hook_events(), ", ")),
           hook_event_hint(event));
  }
}

void path_globs(const FieldValue& value) {
  for (const std::string& glob : list_of(value)) check_relative_path(glob);
}

void copied_paths(const FieldValue& value) {
  for (const std::string& path : list_of(value)) check_relative_path(path);
}

void environment(const FieldValue& value) {
  for (const auto& [variable, content] : std::get<std::map<std::string, std::string>>(value)) {
    check_variable_name(variable);
  }
}

void secrets(const FieldValue& value) {
  for (const std::string& variable : list_of(value)) check_variable_name(variable);
}

void helper_names(const FieldValue& value) {
  for (const std::string& name : list_of(value)) {
    if (const auto problem = helper_name_problem(name))
      refuse(
          fmt::format("\"{}\" is not the name of a sub-agent or a skill: it {}", shortened(name), *problem));
  }
}

void inner_path(const FieldValue& value) {
  single_line(value);
  check_relative_path(text_of(value));
}

void labels(const FieldValue& value) {
  constexpr std::size_t longest_label = 50;  // GitHub's limit.
  for (const std::string& label : list_of(value)) {
    if (label.size() > longest_label || label.find_first_of(",\r\n") != std::string::npos) {
      refuse(fmt::format("\"{}\" is not a label; allowed are at most {} bytes on one line without commas",
                         label, longest_label));
    }
  }
}

void reviewers(const FieldValue& value) {
  for (const std::string& reviewer : list_of(value)) {
    if (reviewer.find_first_of(" ,@\t\r\n") != std::string::npos) {
      refuse(
          fmt::format("\"{}\" is not a user; allowed are login names without \"@\", and teams as "
                      "\"organisation/team\"",
                      reviewer));
    }
  }
}

void time_limit(const FieldValue& value) {
  if (parse_duration(text_of(value)) <= Duration::zero()) {
    refuse("must be longer than nothing, for example \"30m\"");
  }
}

void optional_time_limit(const FieldValue& value) {
  parse_duration(text_of(value));
}

void hosts(const FieldValue& value) {
  for (const std::string& host : list_of(value)) {
    if (is_host_pattern(host)) continue;
    refuse(
        fmt::format("\"{}\" is not a host; allowed are names such as \"api.anthropic.com\", \"*.npmjs.org\" "
                    "and \"localhost:8080\"",
                    host));
  }
}

void network(const FieldValue& value) {
  const auto& words = list_of(value);
  const bool alone = words.size() == 1 && (words.front() == "full" || words.front() == "none");
  if (alone) return;
  for (const std::string& word : words) {
    if (word == "full" || word == "none") refuse(fmt::format("\"{}\" stands alone, without hosts", word));
  }
  hosts(value);
}

void outside_paths(const FieldValue& value) {
  for (const std::string& path : list_of(value)) {
    const bool rooted = path.starts_with('/') || path.starts_with("~/");
    const auto words = split(path, '/');
    if (rooted && path != "/" && path != "~/" && std::find(words.begin(), words.end(), "..") == words.end())
      continue;
    refuse(fmt::format("\"{}\" is not allowed; allowed are paths from \"/\" or \"~/\" on, without \"..\"",
                       path));
  }
}

void not_negative(const FieldValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value); integer != nullptr && *integer < 0) {
    refuse(fmt::format("{} is negative; allowed are 0 (no limit) and more", *integer));
  }
  // Written out, a larger one would fill lines.
  constexpr double most_money = 1e9;
  if (const auto* money = std::get_if<double>(&value);
      money != nullptr && !(std::isfinite(*money) && *money >= 0 && *money <= most_money)) {
    refuse(
        fmt::format("{} is not an amount; allowed are 0 (no limit) to {}", *money, std::int64_t(most_money)));
  }
}

void at_least_one(const FieldValue& value) {
  const auto integer = std::get<std::int64_t>(value);
  if (integer < 1) refuse(fmt::format("{} is too small; allowed are 1 and more", integer));
}

}  // namespace changeling::field_checks
