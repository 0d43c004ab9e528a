#include "project/write_helpers.hpp"

#include <fmt/format.h>

#include <vector>

#include "changeling/name.hpp"
#include "changeling/toml_file.hpp"
#include "project/trust.hpp"
#include "store/skill_records.hpp"
#include "store/subagent_records.hpp"
#include "support/error.hpp"

namespace changeling::project {
namespace {

using Kind = ApprovalSubject::Kind;

/// What differs between sub-agents and skills.
template <typename Record>
struct Access {
  std::string_view what;     ///< For people.
  std::string_view command;  ///< "agent" or "skill".
  std::string_view trailer;
  Kind kind;
  std::string (*path)(std::string_view name);
  std::optional<Record> (*read)(const store::Snapshot& snapshot, const std::string& name);
  void (*write)(store::Change& change, const Record& record);
  const std::map<std::string, Record>& (*builtin)();
};

const Access<Subagent> subagents{"sub-agent",
                                 "agent",
                                 "Agent",
                                 Kind::Subagent,
                                 store::subagent_path,
                                 store::read_subagent,
                                 store::write_subagent,
                                 builtin_subagents};
const Access<Skill> skills{
    "skill",       "skill", "Skill", Kind::Skill, store::skill_path, store::read_skill, store::write_skill,
    builtin_skills};

/// What was approved before somebody's own change, and what becomes of it is approved after: they changed it
/// themselves.
class KeptApprovals {
 public:
  explicit KeptApprovals(Project& project) : project_(project) {
    const Approvals approvals = open_approvals(project);
    for (ApprovalSubject& subject : approval_subjects(project)) {
      if (approvals.holds(subject)) held_.push_back(std::move(subject));
    }
  }
  void renew() const {
    for (const ApprovalSubject& subject : approval_subjects(project_)) {
      for (const ApprovalSubject& before : held_) {
        if (before.label() == subject.label() && before.text != subject.text) approve(project_, subject);
      }
    }
  }

 private:
  Project& project_;
  std::vector<ApprovalSubject> held_;
};

template <typename Record>
void check_expectation(const Access<Record>& access, const std::optional<Record>& before,
                       const std::string& name, Expectation expectation) {
  if (before && expectation == Expectation::Missing)
    throw Error(ErrorKind::Conflict, fmt::format("there is a {} '{}' already", access.what, name),
                fmt::format("change it with: git changeling {} add {} --update …", access.command, name));
  if (!before && expectation == Expectation::Present && !access.builtin().contains(name))
    throw Error(ErrorKind::NotFound, fmt::format("there is no {} '{}'", access.what, name),
                fmt::format("see: git changeling {} list", access.command));
}

template <typename Record>
void say_untrusted(Project& project, const Access<Record>& access, const std::string& label) {
  project.message(
      fmt::format("the {} is not trusted on this machine; look at it and approve it: "
                  "git changeling trust {}",
                  access.what, label));
}

/// The state's, or nothing when that cannot be read: it is replaced as a whole.
template <typename Record>
std::optional<Record> readable(const Access<Record>& access, const store::Snapshot& snapshot,
                               const std::string& name) {
  try {
    return access.read(snapshot, name);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Invalid) throw;
    return std::nullopt;
  }
}

template <typename Record>
WrittenHelper<Record> write(Project& project, const Access<Record>& access, const Record& record,
                            const std::optional<Record>& before, Author author) {
  const Approvals approvals = open_approvals(project);
  approvals.check_folders();
  const bool approves = author == Author::User && (!before || is_seen(approvals, *before));
  if (approves) require_place_for_approvals(project);
  std::optional<KeptApprovals> kept;
  if (approves) kept.emplace(project);
  project.store().update({fmt::format("{} add {}", access.command, record.name),
                          fmt::format("{}.{}", access.command, before ? "update" : "add"),
                          {{std::string(access.trailer), record.name}}},
                         [&](const store::Snapshot& snapshot, store::Change& change) {
                           if (readable(access, snapshot, record.name) != before)
                             throw Error(ErrorKind::Conflict, fmt::format("the {} '{}' was changed meanwhile",
                                                                          access.what, record.name));
                           access.write(change, record);
                         });
  const ApprovalSubject subject = approval_subject(record);
  if (approves) {
    approve(project, subject);
    kept->renew();
  }
  const bool trusted = approves || approvals.holds(subject);
  if (!trusted && author == Author::User) say_untrusted(project, access, subject.label());
  return {record, !before, trusted};
}

template <typename Record>
void remove(Project& project, const Access<Record>& access, const std::string& name) {
  const store::Snapshot snapshot = project.snapshot();
  const bool is_there = !helper_name_problem(name) && snapshot.read(access.path(name));
  if (!is_there && access.builtin().contains(name))
    throw Error(ErrorKind::Refused, fmt::format("the {} '{}' is built in", access.what, name),
                "it does nothing unless a definition or a role names it");
  if (!is_there) check_expectation(access, std::optional<Record>(), name, Expectation::Present);
  project.store().update(
      {fmt::format("{} remove {}", access.command, name),
       fmt::format("{}.remove", access.command),
       {{std::string(access.trailer), name}}},
      [&](const store::Snapshot&, store::Change& change) { change.remove(access.path(name)); });
  open_approvals(project).revoke(access.kind, name);
}

}  // namespace

void check_usable(const Subagent& subagent, const DefinitionSet& set) {
  check_subagent(subagent);
  if (!subagent.agent.empty()) static_cast<void>(set.agent(subagent.agent));
  for (const std::string& skill : subagent.skills) static_cast<void>(set.helpers().skill(skill));
}

WrittenHelper<Subagent> write_subagent(Project& project, const std::string& name, Expectation expectation,
                                       const std::function<Subagent(Subagent)>& edit, Author author) {
  project.require_state();
  check_helper_name("sub-agent", name);
  const DefinitionSet set = DefinitionSet::load(project);
  const auto before = readable(subagents, project.snapshot(), name);
  check_expectation(subagents, before, name, expectation);
  const auto& builtin = builtin_subagents();
  const bool replaces = !before && builtin.contains(name) && expectation != Expectation::Missing;
  Subagent subagent = edit(before ? *before : replaces ? builtin.at(name) : Subagent{});
  subagent.name = name;
  check_usable(subagent, set);
  // What is written must be read back.
  subagent = parse_subagent(changeling::write_subagent(subagent), store::subagent_path(name), name);
  return write(project, subagents, subagent, before, author);
}

WrittenHelper<Skill> write_skill(Project& project, const Skill& skill, Expectation expectation,
                                 Author author) {
  project.require_state();
  check_skill(skill);
  const auto before = readable(skills, project.snapshot(), skill.name);
  check_expectation(skills, before, skill.name, expectation);
  return write(project, skills, skill, before, author);
}

void remove_subagent(Project& project, const std::string& name) {
  remove(project, subagents, name);
}

void remove_skill(Project& project, const std::string& name) {
  remove(project, skills, name);
}

}  // namespace changeling::project
