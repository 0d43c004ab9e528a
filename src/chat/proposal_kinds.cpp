#include <algorithm>
#include <array>

#include "changeling/record_fields.hpp"
#include "chat/proposal.hpp"
#include "support/word_list.hpp"
#include "webhooks/sources.hpp"

namespace changeling::chat {
namespace {

std::vector<std::string> words(const std::vector<std::string_view>& choices) {
  return {choices.begin(), choices.end()};
}

/// What holds the agents of a changeling, and what they are given.
bool is_users_own(std::string_view key) {
  constexpr std::array keys{"sandbox",       "sandbox_read",  "sandbox_write", "secrets",
                            "max_memory_mb", "max_processes", "max_file_mb"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::vector<ProposalField> changeling_fields() {
  std::vector<ProposalField> fields;
  for (const FieldSpec& field : definition_fields()) {
    if (!is_users_own(field.key))
      fields.push_back({std::string(field.key), field.kind, words(field.choices), std::string(field.help)});
  }
  return fields;
}

std::vector<ProposalField> role_fields_of_proposals() {
  std::vector<ProposalField> fields;
  for (const auto& field : role_fields())
    fields.push_back({std::string(field.key), field.kind, words(field.choices), ""});
  return fields;
}

std::vector<ProposalField> task_fields() {
  using enum FieldKind;
  return {{"title", Text, {}, "One line that says what is to be done"},
          {"description", Text, {}, "All that whoever does it has to know, in Markdown"},
          {"acceptance",
           TextList,
           {},
           "When it is done: file:PATH, run:COMMAND LINE, or a sentence that a person judges"},
          {"priority", Choice, {"low", "medium", "high", "urgent"}, ""},
          {"complexity", Choice, {"xs", "s", "m", "l", "xl"}, ""},
          {"labels", TextList, {}, ""},
          {"role", Text, {}, "The role that it is for; left out for any worker"},
          {"status", Choice, {"inbox", "planning", "ready"}, "ready when it can be begun as it is"},
          {"blocked_by", TextList, {}, "Ids of tasks that must be done first"},
          {"parent", Text, {}, "Id of the task that this is a part of"}};
}

std::vector<ProposalField> webhook_fields() {
  using enum FieldKind;
  return {{"source", Choice, words_of(webhooks::sources()), "Who sends the deliveries"},
          {"changeling", Text, {}, "The changeling that a delivery starts; or `task`"},
          {"task", Text, {}, "Template of the title of the task that a delivery adds; or `changeling`"},
          {"description", Text, {}, "Template, of the task"},
          {"role", Text, {}, "Of the task"},
          {"status", Choice, {"inbox", "planning", "ready"}, "Of the task"},
          {"events", TextList, {}, "Such as issues.opened; left out for all"},
          {"conditions", TextMap, {}, "JSON pointers into the payload, and what must stand there"},
          {"mapping", TextMap, {}, "Names for templates, and a JSON pointer each"},
          {"actors", TextList, {}, "Ids of people who may cause it without being asked for"},
          {"poll", Boolean, {}, "The forge is asked for its events instead"},
          {"enabled", Boolean, {}, ""}};
}

std::vector<ProposalField> agent_fields_of_proposals() {
  std::vector<ProposalField> fields;
  for (const auto& field : subagent_fields())
    fields.push_back({std::string(field.key), field.kind, words(field.choices), ""});
  return fields;
}

std::vector<ProposalField> skill_fields() {
  using enum FieldKind;
  return {{"description", Text, {}, "When to use it, in one line; agents choose by it"},
          {"instructions", Text, {}, "What SKILL.md says below its front matter, in Markdown"}};
}

}  // namespace

std::span<const ProposalKindRow> proposal_kinds() {
  static constexpr std::array rows{
      ProposalKindRow{ProposalKind::Changeling, "changeling",
                      "Work that an agent does again and again, by schedule, by event or when it is started",
                      true, changeling_fields},
      ProposalKindRow{ProposalKind::Role, "role", "How workers handle tasks of a role", true,
                      role_fields_of_proposals},
      ProposalKindRow{ProposalKind::Task, "task", "One piece of work in the queue", false, task_fields},
      ProposalKindRow{ProposalKind::Webhook, "webhook",
                      "Which deliveries from outside start a changeling or add tasks", true, webhook_fields},
      ProposalKindRow{ProposalKind::Agent, "agent",
                      "A sub-agent that agents of changelings and roles can hand parts of their work to",
                      true, agent_fields_of_proposals},
      ProposalKindRow{ProposalKind::Skill, "skill",
                      "Instructions for one kind of work, which agents read when they do it", true,
                      skill_fields},
  };
  static_assert(stands_in_order(rows, &ProposalKindRow::kind));
  return rows;
}

const ProposalKindRow& kind_row(ProposalKind kind) {
  return proposal_kinds()[static_cast<std::size_t>(kind)];
}

std::string_view to_string(ProposalKind kind) {
  return kind_row(kind).word;
}

}  // namespace changeling::chat
