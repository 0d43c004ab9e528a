#pragma once

#include <optional>
#include <string>
#include <vector>

#include "changeling/approval_subject.hpp"
#include "project/approvals.hpp"
#include "project/project.hpp"
#include "project/roles.hpp"
#include "support/error.hpp"

namespace changeling::project {

/// Where the user of this machine stands to something that could run.
struct Standing {
  enum class State {
    Trusted,
    New,      ///< Never approved in this repository.
    Changed,  ///< Something else was approved under this name.
  };

  ApprovalSubject subject;
  State state = State::New;
  std::string digest;
  std::optional<Approval> approval;

  bool trusted() const { return state == State::Trusted; }
};

std::string_view to_string(Standing::State state);

/// The approvals for this repository, which has none before it has an id.
Approvals open_approvals(Project& project);
/// Throws Error(Refused) when the approval is open to others.
Standing standing_of(const Approvals& approvals, ApprovalSubject subject);
/// As standing_of, for lists: one that cannot be read is not trusted, and `warning` says why.
Standing standing_for_list(const Approvals& approvals, ApprovalSubject subject, std::string& warning);
/// For whoever writes what approve() is to follow: throws now what would make it fail then.
void require_place_for_approvals(Project& project);
/// Gives the repository an id if it has none yet.
void approve(Project& project, const ApprovalSubject& subject);

/// The difference to what was approved; empty unless the state is Changed.
std::string difference(const Standing& standing);

/// What `trust` can be asked about: changelings, roles, the agent types of `.changelings.toml`,
/// sub-agents, skills and webhooks of the state.
std::vector<ApprovalSubject> approval_subjects(Project& project);
ApprovalSubject changeling_subject(const DefinitionSet& set, const Definition& definition);

/// Whether a sub-agent or skill is built in, or was approved by itself.
bool is_seen(const Approvals& approvals, const Subagent& subagent);
bool is_seen(const Approvals& approvals, const Skill& skill);
/// Whether `equipment` has what is neither in `before`, which was approved, nor seen.
bool brings_unseen(const Approvals& approvals, const Equipment& before, const Equipment& equipment);

/// What a start of something that is not trusted is refused with, and what to type.
Error not_trusted(const Standing& standing);
/// Passes when the subject is trusted. Throws not_trusted().
void require_trust(Project& project, const ApprovalSubject& subject);
/// For workers: the role `name` with its agent; an empty name means a task without a role, which only needs
/// approval when `agent` is not the built-in type of its name.
void check_trusted(Project& project, const RoleSet& roles, const std::string& name, const AgentType& agent);

}  // namespace changeling::project
