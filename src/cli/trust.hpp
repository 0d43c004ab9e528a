#pragma once

#include <optional>
#include <string>
#include <vector>

#include "changeling/approval_subject.hpp"
#include "cli/context.hpp"
#include "cli/roles.hpp"
#include "run/approvals.hpp"

namespace changeling::cli {

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
  std::optional<run::Approval> approval;

  bool trusted() const { return state == State::Trusted; }
};

std::string_view to_string(Standing::State state);

/// The approvals for this repository, which has none before it has an id.
run::Approvals open_approvals(Context& context);
/// Throws Error(Refused) when the approval is open to others.
Standing standing_of(const run::Approvals& approvals, ApprovalSubject subject);
/// As standing_of, for lists: one that cannot be read is not trusted, and `warning` says why.
Standing standing_for_list(const run::Approvals& approvals, ApprovalSubject subject, std::string& warning);
/// Gives the repository an id if it has none yet.
void approve(Context& context, const ApprovalSubject& subject);

/// What would run, or how that differs from what was approved.
std::string review_text(const Standing& standing, const Terminal& terminal);
/// The difference to what was approved; empty unless the state is Changed.
std::string difference(const Standing& standing);

/// What `trust` can be asked about: changelings, roles, and the agent types of `.changelings.toml`.
std::vector<ApprovalSubject> approval_subjects(Context& context);
ApprovalSubject changeling_subject(const DefinitionSet& set, const Definition& definition);

/// Passes when the subject is trusted, or when the person at the terminal approves it now. Throws
/// Error(Refused) otherwise, with what to type.
void require_trust(Context& context, const ApprovalSubject& subject);
/// As require_trust, for work that nobody watches: never asks.
void require_trust_unattended(Context& context, const ApprovalSubject& subject);
/// For workers: the role `name` with its agent; an empty name means a task without a role, which only needs
/// approval when `agent` is not the built-in type of its name.
void check_trusted(Context& context, const RoleSet& roles, const std::string& name, const AgentType& agent);

}  // namespace changeling::cli
