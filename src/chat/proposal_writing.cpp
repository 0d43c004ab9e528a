#include "chat/proposal_writing.hpp"

#include <fmt/format.h>

#include "changeling/name.hpp"
#include "changeling/record_fields.hpp"
#include "git/text_diff.hpp"
#include "project/criteria.hpp"
#include "project/roles.hpp"
#include "project/task_writing.hpp"
#include "project/write_helpers.hpp"
#include "project/write_role.hpp"
#include "queue/task_edit.hpp"
#include "queue/task_json.hpp"
#include "store/webhook_record.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/sources.hpp"
#include "webhooks/write_webhook.hpp"

namespace changeling::chat {
namespace {

using project::Author;
using project::Expectation;
using project::Project;

/// A record as people read it, before and after.
struct Change {
  std::string before;
  std::string after;
};

std::string text_of(const Proposal& proposal, const std::string& key) {
  const auto found = proposal.fields.find(key);
  return found == proposal.fields.end() ? "" : std::get<std::string>(found->second);
}

std::vector<std::string> list_of(const Proposal& proposal, const std::string& key) {
  const auto found = proposal.fields.find(key);
  return found == proposal.fields.end() ? std::vector<std::string>()
                                        : std::get<std::vector<std::string>>(found->second);
}

// Changelings.

Layer edited(Layer layer, const Proposal& proposal) {
  for (const auto& [key, value] : proposal.fields) layer.values[key] = value;
  return layer;
}

/// Every value that is not the default, wherever it comes from.
std::string whole_text(const Definition& definition) {
  Layer layer;
  for (const FieldSpec& field : definition_fields()) {
    const std::string key(field.key);
    FieldValue value = field.read(definition);
    const auto otherwise = default_layer().values.find(key);
    if (otherwise == default_layer().values.end() || otherwise->second != value)
      layer.values[key] = std::move(value);
  }
  return write_definition(layer);
}

Change change_of_changeling(Project& project, const Proposal& proposal) {
  check_changeling_name(proposal.name);
  for (const auto& [key, value] : proposal.fields) check_field(*find_field(key), value);
  const auto set = project::DefinitionSet::load(project);
  Change change;
  if (set.contains(proposal.name)) change.before = whole_text(set.resolve(proposal.name).definition);
  const Layer* before = set.state_layer(proposal.name);
  const Layer layer = edited(before == nullptr ? Layer{} : *before, proposal);
  const Definition after = set.resolve_layers(proposal.name, &layer).definition;
  static_cast<void>(set.agent(after.agent));
  change.after = whole_text(after);
  return change;
}

Written write_changeling(Project& project, const Proposal& proposal, Author author) {
  const bool is_new = !project::DefinitionSet::load(project).contains(proposal.name);
  const auto written = project::write_definition(
      project, proposal.name, is_new ? Expectation::Missing : Expectation::Present, is_new ? "add" : "update",
      [&](Layer layer) { return edited(std::move(layer), proposal); }, author);
  return {proposal.name, is_new, written.trusted};
}

// Roles.

RoleDefinition edited(RoleDefinition role, const Proposal& proposal) {
  role.name = proposal.name;
  for (const auto& field : role_fields()) {
    const auto given = proposal.fields.find(std::string(field.key));
    if (given == proposal.fields.end()) continue;
    if (field.check != nullptr) field.check(given->second);
    field.apply(given->second, role);
  }
  for (std::string& text : role.accept) text = to_string(queue::parse_criterion(text));
  project::choose_agent(role, !text_of(proposal, "run").empty(), proposal.fields.contains("agent"));
  return role;
}

Change change_of_role(Project& project, const Proposal& proposal) {
  check_changeling_name(proposal.name);
  const auto set = project::RoleSet::load(project);
  RoleDefinition role;
  Change change;
  if (set.contains(proposal.name)) {
    role = set.find(proposal.name).role;
    change.before = write_role(role);
  }
  role = edited(std::move(role), proposal);
  project::check_usable(role, set);
  static_cast<void>(set.agent(role));
  change.after = write_role(role);
  return change;
}

Written write_role_of(Project& project, const Proposal& proposal, Author author) {
  const auto written = project::write_role(
      project, proposal.name, Expectation::Either,
      [&](RoleDefinition role) { return edited(std::move(role), proposal); }, author);
  return {proposal.name, written.is_new, written.trusted};
}

// Webhooks.

store::WebhookRecord edited(store::WebhookRecord webhook, const Proposal& proposal) {
  webhook.name = proposal.name;
  return webhooks::edited(std::move(webhook), to_json(proposal).at("fields"), "the proposal");
}

std::string whole_text(const store::WebhookRecord& webhook) {
  return store::to_json(webhook).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Change change_of_webhook(Project& project, const Proposal& proposal) {
  check_changeling_name(proposal.name);
  const auto before = store::read_webhook(project.snapshot(), proposal.name);
  const store::WebhookRecord after = edited(before.value_or(store::WebhookRecord{}), proposal);
  webhooks::check_usable(project, after);
  return {before ? whole_text(*before) : "", whole_text(after)};
}

/// As for every new webhook, this machine makes a secret, which `webhook secret` shows.
void make_secret(Project& project, const store::WebhookRecord& webhook) {
  const webhooks::SecretStore store(project);
  if (webhook.poll || !store.secrets(webhook.name).empty()) return;
  store.set(webhook.name, webhooks::new_secret(webhooks::find_source(webhook.source).secret),
            webhooks::SecretStore::Before::Dropped);
}

Written write_webhook_of(Project& project, const Proposal& proposal, Author author) {
  const auto written = webhooks::write_webhook(
      project, proposal.name, Expectation::Either,
      [&](store::WebhookRecord webhook) { return edited(std::move(webhook), proposal); }, author);
  make_secret(project, written.webhook);
  return {proposal.name, written.is_new, written.trusted};
}

// Sub-agents.

Subagent edited(Subagent subagent, const Proposal& proposal) {
  subagent.name = proposal.name;
  for (const auto& field : subagent_fields()) {
    const auto given = proposal.fields.find(std::string(field.key));
    if (given == proposal.fields.end()) continue;
    if (field.check != nullptr) field.check(given->second);
    field.apply(given->second, subagent);
  }
  return subagent;
}

template <typename Record>
std::optional<Record> known(const std::map<std::string, project::Helper<Record>>& helpers,
                            const std::string& name) {
  const auto found = helpers.find(name);
  return found == helpers.end() ? std::nullopt : std::optional(found->second.record);
}

Change change_of_agent(Project& project, const Proposal& proposal) {
  check_helper_name("sub-agent", proposal.name);
  const auto set = project::DefinitionSet::load(project);
  const auto before = known(set.helpers().subagents(), proposal.name);
  const Subagent after = edited(before.value_or(Subagent{}), proposal);
  project::check_usable(after, set);
  return {before ? write_subagent(*before) : "", write_subagent(after)};
}

Written write_agent_of(Project& project, const Proposal& proposal, Author author) {
  const auto written = project::write_subagent(
      project, proposal.name, Expectation::Either,
      [&](Subagent subagent) { return edited(std::move(subagent), proposal); }, author);
  return {proposal.name, written.is_new, written.trusted};
}

// Skills.

/// What is not proposed of SKILL.md stays, and so do the other files.
Skill edited(const std::optional<Skill>& before, const Proposal& proposal) {
  const SkillText known_text = before ? skill_text(*before) : SkillText{};
  const auto given = [&](const std::string& key, const std::string& otherwise) {
    return proposal.fields.contains(key) ? text_of(proposal, key) : otherwise;
  };
  Skill skill = make_skill(proposal.name, given("description", known_text.description),
                           given("instructions", known_text.instructions));
  if (before) skill.files.insert(before->files.begin(), before->files.end());
  check_skill(skill);
  return skill;
}

std::string whole_text(const Skill& skill) {
  std::string text;
  for (const auto& [path, content] : skill.files)
    text += fmt::format("{}:\n{}{}", path, content, content.ends_with('\n') ? "" : "\n");
  return text;
}

Change change_of_skill(Project& project, const Proposal& proposal) {
  const auto before = known(project::Helpers(project.snapshot()).skills(), proposal.name);
  return {before ? whole_text(*before) : "", whole_text(edited(before, proposal))};
}

Written write_skill_of(Project& project, const Proposal& proposal, Author author) {
  const auto before = known(project::Helpers(project.snapshot()).skills(), proposal.name);
  const auto written = project::write_skill(project, edited(before, proposal), Expectation::Either, author);
  return {proposal.name, written.is_new, written.trusted};
}

// Tasks.

queue::Task task_of(Project& project, const Proposal& proposal) {
  queue::Task task;
  task.title = queue::checked_title(text_of(proposal, "title"));
  task.description = text_of(proposal, "description");
  for (const std::string& text : list_of(proposal, "acceptance"))
    task.acceptance.push_back(queue::parse_criterion(text));
  if (const auto word = text_of(proposal, "priority"); !word.empty())
    task.priority = queue::parse_priority(word);
  if (const auto word = text_of(proposal, "complexity"); !word.empty())
    task.complexity = queue::parse_complexity(word);
  if (const auto word = text_of(proposal, "status"); !word.empty())
    task.status = project::first_status(queue::parse_status(word));
  task.labels = queue::sorted_words(list_of(proposal, "labels"));
  task.role = text_of(proposal, "role");
  task.blocked_by = list_of(proposal, "blocked_by");
  task.parent = text_of(proposal, "parent");
  project::complete_links(project, {}, task);
  return task;
}

Change change_of_task(Project& project, const Proposal& proposal) {
  static_cast<void>(task_of(project, proposal));
  std::string text;
  for (const ProposalField& field : kind_row(ProposalKind::Task).fields()) {
    const auto given = proposal.fields.find(field.key);
    if (given == proposal.fields.end()) continue;
    if (const auto* list = std::get_if<std::vector<std::string>>(&given->second)) {
      text += field.key + ":\n";
      // Further lines of one stand below it, so that none passes for a field.
      for (const std::string& element : *list)
        text += fmt::format("  - {}\n", join(split_lines(element), "\n    "));
    } else if (const std::string value = std::get<std::string>(given->second);
               value.find('\n') == std::string::npos) {
      text += fmt::format("{}: {}\n", field.key, value);
    } else {
      text += field.key + ":\n";
      for (const std::string& line : split_lines(value)) text += fmt::format("  {}\n", line);
    }
  }
  return {"", std::move(text)};
}

Written write_task(Project& project, const Proposal& proposal, Author author) {
  queue::Task task = task_of(project, proposal);
  project::warn_of_unknown_role(project, task.role);
  if (author == Author::User) project::approve_criteria(project, task.acceptance, {});
  queue::add_criteria(task, project::criteria_of_role(project, task.role));
  return {project.tasks().add({std::move(task)}).front().id, true, true};
}

struct WritingRow {
  ProposalKind kind;
  Change (*change)(Project& project, const Proposal& proposal);
  Written (*write)(Project& project, const Proposal& proposal, Author author);
};

constexpr std::array rows{
    WritingRow{ProposalKind::Changeling, change_of_changeling, write_changeling},
    WritingRow{ProposalKind::Role, change_of_role, write_role_of},
    WritingRow{ProposalKind::Task, change_of_task, write_task},
    WritingRow{ProposalKind::Webhook, change_of_webhook, write_webhook_of},
    WritingRow{ProposalKind::Agent, change_of_agent, write_agent_of},
    WritingRow{ProposalKind::Skill, change_of_skill, write_skill_of},
};

const WritingRow& row_of(ProposalKind kind) {
  return rows[static_cast<std::size_t>(kind)];
}

}  // namespace

Preview preview(Project& project, const Proposal& proposal) {
  project.require_state();
  const Change change = row_of(proposal.kind).change(project, proposal);
  const std::string seen = to_json(proposal).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return {change.before.empty(), git::text_diff(change.before, change.after),
          sha256_hex(seen + sha256_hex(change.before) + change.after)};
}

Written write(Project& project, const Proposal& proposal, const std::string& digest, Author author) {
  if (preview(project, proposal).digest != digest) {
    throw Error(ErrorKind::Conflict,
                "this is not what was shown: what there is has changed since, or the digest is another",
                "look at it again, and confirm what is shown then");
  }
  return row_of(proposal.kind).write(project, proposal, author);
}

}  // namespace changeling::chat
