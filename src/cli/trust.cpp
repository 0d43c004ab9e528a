#include "cli/trust.hpp"

#include <fmt/format.h>

#include "cli/confirmation.hpp"
#include "cli/diff_text.hpp"
#include "git/text_diff.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

std::string reason(const Standing& standing) {
  return standing.state == Standing::State::Changed ? "it has changed since it was approved"
                                                    : "it has not been approved on this machine";
}

[[noreturn]] void refuse(const Standing& standing) {
  const std::string label = standing.subject.label();
  throw Error(ErrorKind::Refused, fmt::format("'{}' is not trusted: {}", label, reason(standing)),
              fmt::format("look at it and approve it: git changeling trust {}", label));
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

run::Approvals open_approvals(Context& context) {
  return {context.environment(), run::repository_id(context.repository())};
}

Standing standing_of(const run::Approvals& approvals, ApprovalSubject subject) {
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

Standing standing_for_list(const run::Approvals& approvals, ApprovalSubject subject, std::string& warning) {
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

void approve(Context& context, const ApprovalSubject& subject) {
  std::string id =
      run::ensure_repository_id(context.repository(), context.places().local_folder() / "repository-id.lock");
  run::Approvals(context.environment(), std::move(id)).approve(subject, context.clock().now());
}

std::string difference(const Standing& standing) {
  if (standing.state != Standing::State::Changed) return "";
  return git::text_diff(standing.approval->text, standing.subject.text);
}

std::string review_text(const Standing& standing, const Terminal& terminal) {
  const std::string label = styled(standing.subject.label(), Style::Bold, terminal.color);
  switch (standing.state) {
    case Standing::State::Trusted:
      return fmt::format("{} is trusted since {}.\n", label,
                         format_timestamp(standing.approval->approved_at));
    case Standing::State::Changed:
      return fmt::format("{} has changed since it was approved ({}):\n\n{}", label,
                         format_timestamp(standing.approval->approved_at),
                         colored_diff(difference(standing), terminal.color));
    case Standing::State::New:
      break;
  }
  std::string text = fmt::format("{} has not been approved on this machine. This would run:\n\n", label);
  for (const std::string& line : split_lines(standing.subject.text)) text += fmt::format("    {}\n", line);
  return text;
}

ApprovalSubject changeling_subject(const DefinitionSet& set, const Definition& definition) {
  return approval_subject(definition, set.agent(definition.agent));
}

std::vector<ApprovalSubject> approval_subjects(Context& context) {
  std::vector<ApprovalSubject> subjects;
  const RoleSet roles = RoleSet::load(context);
  const DefinitionSet& set = roles.definitions();
  for (const std::string& name : set.names())
    subjects.push_back(changeling_subject(set, set.resolve(name).definition));
  for (const auto& [name, resolved] : roles.all())
    subjects.push_back(approval_subject(resolved.role, roles.agent(resolved.role)));
  for (const auto& [name, agent] : set.file_agents()) subjects.push_back(approval_subject(agent));
  return subjects;
}

void require_trust_unattended(Context& context, const ApprovalSubject& subject) {
  const Standing standing = standing_of(open_approvals(context), subject);
  if (!standing.trusted()) refuse(standing);
}

void require_trust(Context& context, const ApprovalSubject& subject) {
  const Standing standing = standing_of(open_approvals(context), subject);
  if (standing.trusted()) return;
  if (!can_ask(context)) refuse(standing);
  // Asked for, so also with --quiet.
  const std::string text = review_text(standing, context.terminal());
  std::fwrite(text.data(), 1, text.size(), stderr);
  if (!confirmed(fmt::format("\nTrust {} and run it?", subject.label()))) refuse(standing);
  approve(context, subject);
}

void check_trusted(Context& context, const RoleSet& roles, const std::string& name, const AgentType& agent) {
  if (!name.empty()) return require_trust_unattended(context, approval_subject(roles.find(name).role, agent));
  const ApprovalSubject subject = approval_subject(agent);
  const auto& builtin = builtin_agent_types();
  const auto found = builtin.find(agent.name);
  if (found != builtin.end() && approval_subject(found->second).text == subject.text) return;
  require_trust_unattended(context, subject);
}

}  // namespace changeling::cli
