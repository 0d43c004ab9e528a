#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"
#include "changeling/toml_file.hpp"

namespace changeling {

/// Something that runs on this machine only once its user has approved it, exactly as it is.
struct ApprovalSubject {
  enum class Kind { Changeling, Role, Agent, Criterion, Webhook, Subagent, Skill };

  Kind kind = Kind::Changeling;
  std::string name;
  /// Everything that decides what will run, for people and for the digest: a line a value, lists and maps in
  /// an order of their own, and nothing that could hide from the reader (control and invisible characters are
  /// written out). Two different subjects never have the same text.
  std::string text;

  /// As the user names it: "typo-sprite", "role:reviewer", "agent:codex", "criterion:0a1b…", "webhook:NAME",
  /// "subagent:NAME", "skill:NAME".
  std::string label() const;
};

std::string_view to_string(ApprovalSubject::Kind kind);

/// A changeling with every value decided, and how its agent runs.
ApprovalSubject approval_subject(const Definition& definition, const AgentType& agent);
/// What workers of the role run.
ApprovalSubject approval_subject(const RoleDefinition& role, const AgentType& agent);
/// An agent type by itself, for tasks that have no role.
ApprovalSubject approval_subject(const AgentType& agent);

/// A sub-agent by itself, without its skills.
ApprovalSubject approval_subject(const Subagent& subagent);
/// A skill by itself.
ApprovalSubject approval_subject(const Skill& skill);

/// The command line of a criterion of tasks ("run:…"). Its name is the beginning of the line's SHA-256, so
/// that each line is approved by itself.
ApprovalSubject criterion_subject(const std::string& command_line);

/// A list, or values under their names.
using WebhookValue = std::variant<std::vector<std::string>, std::map<std::string, std::string>>;
/// What a webhook starts, and when: each of `values` under its key.
ApprovalSubject webhook_subject(const std::string& name, const std::map<std::string, WebhookValue>& values);

/// SHA-256 over the repository's identity and the subject.
std::string approval_digest(std::string_view repository_id, const ApprovalSubject& subject);
/// SHA-256 over the subject alone: the same in every clone, for saying to another machine what was approved
/// here.
std::string portable_digest(const ApprovalSubject& subject);

}  // namespace changeling
