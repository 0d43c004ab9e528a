#include "webhooks/judgement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/json.hpp"
#include "support/own_marks.hpp"
#include "support/text.hpp"

namespace changeling::webhooks {
namespace {

bool is_wanted(const std::string& wanted, std::string_view event) {
  if (wanted == event) return true;
  return event.size() > wanted.size() && event.starts_with(wanted) && event[wanted.size()] == '.';
}

std::string short_text(const std::string& text) {
  return shortened(without_controls(text));
}

bool has_marker(const Json& payload, std::string_view pointer) {
  return text_at(payload, pointer).value_or("").find("<!-- git-changeling") != std::string::npos;
}

bool has_own_block(const Json& payload, const char* pointer) {
  const Json::json_pointer place(pointer);
  if (!payload.contains(place)) return false;
  const Json& blocks = payload.at(place);
  return blocks.is_array() && std::any_of(blocks.begin(), blocks.end(), [](const Json& block) {
           return text_at(block, "/block_id") == own_slack_block;
         });
}

/// "changelings/NAME/RUN", with or without "refs/heads/".
bool is_own_branch(const std::string& name, const BranchPrefix& branches) {
  constexpr std::string_view heads = "refs/heads/";
  return branches.holds(name.starts_with(heads) ? name : std::string(heads) + name);
}

}  // namespace

std::string reason_to_ignore(const store::WebhookRecord& webhook, std::string_view event,
                             const Json& payload) {
  const auto& wanted = webhook.events;
  if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(),
                                      [&](const std::string& word) { return is_wanted(word, event); }))
    return event.empty() ? "it does not say which event it is"
                         : fmt::format("the event is {}", short_text(std::string(event)));
  for (const auto& [pointer, expected] : webhook.conditions) {
    const auto found = text_at(payload, pointer);
    if (found == expected) continue;
    return found ? fmt::format("{} is '{}'", pointer, short_text(*found))
                 : fmt::format("there is no {}", pointer);
  }
  return "";
}

std::string own_work(const Json& payload, const BranchPrefix& branches) {
  constexpr std::array texts{"/issue/body",
                             "/pull_request/body",
                             "/comment/body",
                             "/review/body",
                             "/object_attributes/description",
                             "/object_attributes/note",
                             "/merge_request/description"};
  for (const char* pointer : texts) {
    if (has_marker(payload, pointer)) return fmt::format("{} has a mark of git-changeling", pointer);
  }
  // The second of a message that was edited.
  for (const char* pointer : {"/event/blocks", "/event/message/blocks"}) {
    if (has_own_block(payload, pointer)) return fmt::format("{} has a mark of git-changeling", pointer);
  }
  constexpr std::array names{"/ref",
                             "/pull_request/head/ref",
                             "/check_run/check_suite/head_branch",
                             "/check_suite/head_branch",
                             "/workflow_run/head_branch",
                             "/object_attributes/source_branch",
                             "/merge_request/source_branch"};
  for (const char* pointer : names) {
    const std::string name = text_at(payload, pointer).value_or("");
    if (is_own_branch(name, branches)) return fmt::format("{} is the branch of a run", pointer);
  }
  return "";
}

std::optional<Actor> actor_of(const SourceRow& source, const Json& payload) {
  if (source.actor.empty()) return std::nullopt;
  const auto id = text_at(payload, source.actor);
  if (!id || id->empty()) return std::nullopt;
  return Actor{*id, text_at(payload, source.login).value_or("")};
}

std::optional<Subject> subject_of(const Json& payload) {
  for (const char* field : {"pull_request", "issue"}) {
    const auto found = payload.find(field);
    if (found == payload.end() || !found->is_object()) continue;
    const auto number = found->find("number");
    if (number == found->end() || !number->is_number_integer()) continue;
    return Subject{field, number->get<std::int64_t>(), text_at(*found, "/state").value_or("")};
  }
  return std::nullopt;
}

}  // namespace changeling::webhooks
