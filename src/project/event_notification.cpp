#include "project/event_notification.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/run_record.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

constexpr const char* missed = "missed";
constexpr const char* not_started = "not-started";
constexpr const char* question = "question";
constexpr const char* everything = "all";

std::string text_of(const Json& fields, std::string_view key) {
  return json_string(fields, key).value_or("");
}

/// The address of a page of the dashboard; empty without a service.
std::string page(const NotificationPlace& place, const std::string& fragment) {
  if (place.serve_url.empty()) return "";
  std::string address = place.serve_url;
  while (address.ends_with('/')) address.pop_back();
  return fmt::format("{}/#/{}", address, fragment);
}

const store::OutcomeRow* find_outcome(std::string_view word) {
  const auto rows = store::outcomes();
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.word == word; });
  return found == rows.end() ? nullptr : &*found;
}

/// "took 4m05s, $0.12", as far as it is known.
std::string usage_of(const Json& fields) {
  std::vector<std::string> parts;
  if (const auto took = json_integer(fields, "duration_ms"))
    parts.push_back("took " + describe_duration(Duration(*took)));
  if (const auto cost = json_number(fields, "cost_usd")) parts.push_back(fmt::format("${:.2f}", *cost));
  return join(parts, ", ");
}

/// Where the run's result is looked at: its pull request, else the run.
void lead_to_result(notify::Notification& notification, const Json& fields, const NotificationPlace& place) {
  const std::string run = text_of(fields, "run");
  notification.command = "git changeling runs show " + run;
  notification.link = page(place, "run/" + run);
  const auto pull = fields.find("pull_request");
  if (pull == fields.end() || !pull->is_object()) return;
  const std::string url = text_of(*pull, "url");
  notification.command =
      fmt::format("git changeling review show {}", json_integer(*pull, "number").value_or(0));
  if (url.starts_with("https://") || url.starts_with("http://")) notification.link = url;
}

std::optional<notify::Notification> of_run(const Json& fields, const NotificationPlace& place) {
  const store::OutcomeRow* outcome = find_outcome(text_of(fields, "outcome"));
  if (outcome == nullptr) return std::nullopt;
  notify::Notification notification;
  notification.kind = outcome->word;
  notification.subject = text_of(fields, "changeling");
  notification.cause = fmt::format("run {} {}", text_of(fields, "run"), outcome->word);
  notification.repository = place.repository;
  notification.title = fmt::format("{}: {} {}", place.repository, notification.subject, outcome->word);
  std::vector<std::string> lines{fmt::format("{}.", outcome->sentence)};
  for (const std::string& line : {text_of(fields, "error"), usage_of(fields)}) {
    if (!line.empty()) lines.push_back(line);
  }
  notification.text = join(lines, "\n");
  notification.is_urgent = !outcome->is_success;
  lead_to_result(notification, fields, place);
  return notification;
}

/// A start that should have come, and did not.
notify::Notification of_skip(const Json& fields, const NotificationPlace& place) {
  const std::string time = text_of(fields, "scheduled_for");
  const std::string reason = text_of(fields, "reason");
  notify::Notification notification;
  notification.kind = text_of(fields, "trigger") == "schedule" ? missed : not_started;
  notification.subject = text_of(fields, "changeling");
  notification.cause =
      fmt::format("{} {} {}", notification.kind, notification.subject, time.empty() ? reason : time);
  notification.repository = place.repository;
  notification.title = fmt::format("{}: {} did not start", place.repository, notification.subject);
  notification.text = time.empty() ? fmt::format("{} asked for it: {}", text_of(fields, "trigger"), reason)
                                   : fmt::format("Its schedule asked for it at {}: {}", time, reason);
  notification.is_urgent = true;
  notification.command = "git changeling status";
  notification.link = page(place, "");
  return notification;
}

notify::Notification of_question(const Json& fields, const NotificationPlace& place) {
  const std::string run = text_of(fields, "run");
  notify::Notification notification;
  notification.kind = question;
  notification.subject = text_of(fields, "changeling");
  notification.cause =
      fmt::format("question {} of run {}", json_integer(fields, "question").value_or(0), run);
  notification.repository = place.repository;
  notification.title = fmt::format("{}: {} asks you something", place.repository, notification.subject);
  notification.text = text_of(fields, "text");
  if (const auto choices = json_strings(fields, "choices"); !choices.empty())
    notification.text += fmt::format("\nIt proposes: {}", join(choices, " / "));
  notification.command = fmt::format("git changeling answer {} --question {}", run,
                                     json_integer(fields, "question").value_or(1));
  notification.link = page(place, "");
  return notification;
}

std::vector<std::string> known_words() {
  std::vector<std::string> words{everything, missed, not_started, question};
  for (const store::OutcomeRow& row : store::outcomes()) words.emplace_back(row.word);
  std::sort(words.begin(), words.end());
  return words;
}

/// Whether a person is to look at it: something went wrong, or its result waits for them.
bool needs_person(const std::string& kind) {
  const store::OutcomeRow* outcome = find_outcome(kind);
  if (outcome == nullptr) return true;
  return !outcome->is_success || outcome->outcome == store::Outcome::OpenedPr ||
         outcome->outcome == store::Outcome::Reported;
}

}  // namespace

std::optional<notify::Notification> notification_of(std::string_view event, const Json& fields,
                                                    const NotificationPlace& place) {
  if (!fields.is_object()) return std::nullopt;
  if (event == "run:finished") return of_run(fields, place);
  if (event == "run:question") return of_question(fields, place);
  if (event == "trigger:skipped") return of_skip(fields, place);
  return std::nullopt;
}

void check_notified_word(const std::string& word) {
  const auto words = known_words();
  if (std::find(words.begin(), words.end(), word) != words.end()) return;
  const auto near = nearest(word, words);
  throw Error(ErrorKind::Invalid, fmt::format("'{}' is nothing that is notified", shortened(word)),
              near ? fmt::format("did you mean {}?", *near) : "allowed are " + join(words, ", "));
}

bool is_wanted(const std::string& kind, const std::vector<std::string>& words) {
  if (words.empty()) return needs_person(kind);
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return word == kind || word == everything; });
}

}  // namespace changeling::project
