#include "project/trust.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "git/text_diff.hpp"
#include "project/webhook_trust.hpp"
#include "support/error.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

std::string reason(const Standing& standing) {
  return standing.state == Standing::State::Changed ? "it has changed since it was approved"
                                                    : "it has not been approved on this machine";
}

Approvals approvals_with_id(Project& project) {
  std::string id =
      ensure_repository_id(project.repository(), project.places().local_folder() / "repository-id.lock");
  return {project.environment(), std::move(id)};
}

/// What is built in came with the program.
void add_helpers(const Helpers& helpers, std::vector<ApprovalSubject>& subjects) {
  for (const auto& [name, subagent] : helpers.subagents()) {
    if (subagent.source == "state") subjects.push_back(approval_subject(subagent.record));
  }
  for (const auto& [name, skill] : helpers.skills()) {
    if (skill.source == "state") subjects.push_back(approval_subject(skill.record));
  }
}

}  // namespace

std::string_view to_string(Standing::State state) {
  switch (state) {
    case Standing::State::Trusted:
      return "trusted";
    case Standing::State::New:
      return "new";
    case Standing::State::Changed:
      return "changed";
  }
  return "new";
}

Approvals open_approvals(Project& project) {
  return {project.environment(), repository_id(project.repository())};
}

Standing standing_of(const Approvals& approvals, ApprovalSubject subject) {
  Standing standing;
  standing.digest = approval_digest(approvals.repository_id(), subject);
  standing.approval = approvals.find(subject);
  standing.subject = std::move(subject);
  if (standing.approval) {
    standing.state =
        standing.approval->digest == standing.digest ? Standing::State::Trusted : Standing::State::Changed;
  }
  return standing;
}

Standing standing_for_list(const Approvals& approvals, ApprovalSubject subject, std::string& warning) {
  try {
    return standing_of(approvals, subject);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Refused && error.kind() != ErrorKind::Io) throw;
    warning = error.hint().empty() ? error.what() : fmt::format("{}; {}", error.what(), error.hint());
  }
  Standing standing;
  standing.digest = approval_digest(approvals.repository_id(), subject);
  standing.subject = std::move(subject);
  return standing;
}

void require_place_for_approvals(Project& project) {
  approvals_with_id(project).require_place();
}

void approve(Project& project, const ApprovalSubject& subject) {
  approvals_with_id(project).approve(subject, project.clock().now());
}

std::string difference(const Standing& standing) {
  if (standing.state != Standing::State::Changed) return "";
  return git::text_diff(standing.approval->text, standing.subject.text);
}

ApprovalSubject changeling_subject(const DefinitionSet& set, const Definition& definition) {
  return approval_subject(definition, set.agent(definition.agent));
}

std::vector<ApprovalSubject> approval_subjects(Project& project) {
  std::vector<ApprovalSubject> subjects;
  const RoleSet roles = RoleSet::load(project);
  const DefinitionSet& set = roles.definitions();
  for (const std::string& name : set.names())
    subjects.push_back(changeling_subject(set, set.resolve(name).definition));
  for (const auto& [name, resolved] : roles.all())
    subjects.push_back(approval_subject(resolved.role, roles.agent(resolved.role)));
  for (const auto& [name, agent] : set.file_agents()) subjects.push_back(approval_subject(agent));
  add_helpers(set.helpers(), subjects);
  for (const auto& [name, webhook] : store::read_webhooks(project.snapshot()))
    subjects.push_back(approval_subject(webhook));
  return subjects;
}

Error not_trusted(const Standing& standing) {
  const std::string label = standing.subject.label();
  return {ErrorKind::Refused, fmt::format("'{}' is not trusted: {}", label, reason(standing)),
          fmt::format("look at it and approve it: git changeling trust {}", shell_quote(label))};
}

void require_trust(Project& project, const ApprovalSubject& subject) {
  const Standing standing = standing_of(open_approvals(project), subject);
  if (!standing.trusted()) throw not_trusted(standing);
}

bool is_seen(const Approvals& approvals, const Subagent& subagent) {
  const auto builtin = builtin_subagents().find(subagent.name);
  const bool is_builtin = builtin != builtin_subagents().end() && builtin->second == subagent;
  return is_builtin || approvals.holds(approval_subject(subagent));
}

bool is_seen(const Approvals& approvals, const Skill& skill) {
  const auto builtin = builtin_skills().find(skill.name);
  const bool is_builtin = builtin != builtin_skills().end() && builtin->second == skill;
  return is_builtin || approvals.holds(approval_subject(skill));
}

bool brings_unseen(const Approvals& approvals, const Equipment& before, const Equipment& equipment) {
  const auto is_new = [&](const auto& known, const auto& one) {
    return std::find(known.begin(), known.end(), one) == known.end() && !is_seen(approvals, one);
  };
  return std::any_of(equipment.agents.begin(), equipment.agents.end(),
                     [&](const Subagent& one) { return is_new(before.agents, one); }) ||
         std::any_of(equipment.skills.begin(), equipment.skills.end(),
                     [&](const Skill& one) { return is_new(before.skills, one); });
}

void check_trusted(Project& project, const RoleSet& roles, const std::string& name, const AgentType& agent) {
  if (!name.empty()) return require_trust(project, approval_subject(roles.find(name).role, agent));
  const ApprovalSubject subject = approval_subject(agent);
  const auto& builtin = builtin_agent_types();
  const auto found = builtin.find(agent.name);
  if (found != builtin.end() && approval_subject(found->second).text == subject.text) return;
  require_trust(project, subject);
}

}  // namespace changeling::project
