#include "project/write_role.hpp"

#include <fmt/format.h>

#include "project/handling.hpp"
#include "project/trust.hpp"
#include "store/role_records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

const ResolvedRole* role_before(const RoleSet& set, const std::string& name, Expectation expectation) {
  const bool known = set.contains(name);
  if (known && expectation == Expectation::Missing) {
    throw Error(ErrorKind::Conflict, fmt::format("there is a role '{}' already", name),
                fmt::format("change it with: git changeling role add {} --update …", name));
  }
  return known || expectation == Expectation::Present ? &set.find(name) : nullptr;
}

/// What the user writes anew, and the change of what was approved, unless an agent type of the repository
/// joins that they have not seen at work.
bool approves_by_writing(const RoleSet& set, const Approvals& approvals, const ResolvedRole* before,
                         const RoleDefinition& role) {
  const bool unseen_agent = set.definitions().file_agents().contains(role.agent) &&
                            (before == nullptr || before->role.agent != role.agent);
  const Equipment seen = before == nullptr ? Equipment{} : before->role.equipment;
  if (unseen_agent || brings_unseen(approvals, seen, role.equipment)) return false;
  return before == nullptr || approvals.holds(approval_subject(before->role, set.agent(before->role)));
}

void store_role(Project& project, const RoleDefinition& role, bool known, Expectation expectation) {
  project.store().update(
      {fmt::format("role add {}", role.name), known ? "role.update" : "role.add", {{"Role", role.name}}},
      [&](const store::Snapshot& snapshot, store::Change& change) {
        if (expectation == Expectation::Missing && store::read_role(snapshot, role.name))
          throw Error(ErrorKind::Conflict, fmt::format("the role '{}' was added meanwhile", role.name));
        store::write_role(change, role);
      });
}

void say_untrusted(Project& project, const ApprovalSubject& subject) {
  project.message(
      fmt::format("the role is not trusted on this machine; look at it and approve it: "
                  "git changeling trust {}",
                  subject.label()));
}

}  // namespace

void check_usable(const RoleDefinition& role, const RoleSet& set) {
  if (trim(role.prompt).empty() && role.command.empty() && role.agent != command_agent_type) {
    throw Error(ErrorKind::Usage, fmt::format("what shall workers of the role '{}' do?", role.name),
                "give --prompt TEXT, --prompt-file FILE, or --run CMD");
  }
  try {
    static_cast<void>(handling_of_role(&role, {}, set.definitions().file_agents()));
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, error.what(), error.hint());
  }
}

void choose_agent(RoleDefinition& role, bool command_given, bool agent_given) {
  if (command_given && !agent_given) role.agent = command_agent_type;
  if (!command_given && role.agent != command_agent_type) role.command.clear();
  if (role.agent.empty()) role.agent = default_agent(role);
}

WrittenRole write_role(Project& project, const std::string& name, Expectation expectation,
                       const std::function<RoleDefinition(RoleDefinition)>& edit, Author author) {
  project.require_state();
  check_changeling_name(name);
  const RoleSet set = RoleSet::load(project);
  const ResolvedRole* before = role_before(set, name, expectation);
  RoleDefinition role = edit(before == nullptr ? RoleDefinition{} : before->role);
  role.name = name;
  role.locations.clear();  // It is no file's any more.
  role.equipment = set.definitions().helpers().equipment(role.agents, role.skills);
  const bool names_others =
      before == nullptr || role.agents != before->role.agents || role.skills != before->role.skills;
  if (names_others) require_equipment(role.equipment, role.agent, ErrorKind::NotFound);
  check_usable(role, set);
  const ApprovalSubject subject = approval_subject(role, set.agent(role));
  const Approvals approvals = open_approvals(project);
  approvals.check_folders();
  const bool approves = author == Author::User && approves_by_writing(set, approvals, before, role);
  if (approves) require_place_for_approvals(project);
  store_role(project, role, before != nullptr, expectation);
  if (approves) approve(project, subject);
  const bool trusted = approves || approvals.holds(subject);
  if (!trusted && author == Author::User) say_untrusted(project, subject);
  return {std::move(role), before == nullptr, trusted};
}

void require_removable(const RoleSet& set, const std::string& name) {
  if (set.is_damaged(name) || set.find(name).source == "state") return;
  throw Error(ErrorKind::Refused, fmt::format("the role '{}' is defined in {}", name, definitions_file_name),
              "remove it there");
}

void remove_role(Project& project, const std::string& name) {
  project.store().update(
      {"role remove " + name, "role.remove", {{"Role", name}}},
      [&](const store::Snapshot&, store::Change& change) { change.remove(store::role_path(name)); });
  open_approvals(project).revoke(ApprovalSubject::Kind::Role, name);
}

}  // namespace changeling::project
