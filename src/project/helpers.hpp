#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"
#include "changeling/equipment.hpp"
#include "project/damage_report.hpp"
#include "store/store.hpp"
#include "support/error.hpp"

namespace changeling::project {

/// A sub-agent or skill and where it comes from.
template <typename Record>
struct Helper {
  Record record;
  std::string source;  ///< "state" or "built-in".
};

/// The sub-agents and skills of a repository at one moment: those of the state ref, and those that are built
/// in. One of the state hides the built-in one of its name.
class Helpers {
 public:
  explicit Helpers(store::Snapshot snapshot) : snapshot_(std::move(snapshot)) {}

  /// By name, without those that cannot be read; `damage`, if it is given, notes these.
  std::map<std::string, Helper<Subagent>> subagents(DamageReport* damage = nullptr) const;
  std::map<std::string, Helper<Skill>> skills(DamageReport* damage = nullptr) const;

  /// Throw Error(NotFound) with the nearest name as the hint, and Error(Invalid) for a damaged one.
  Helper<Subagent> subagent(const std::string& name) const;
  Helper<Skill> skill(const std::string& name) const;

  /// What these names stand for, with the skills of the sub-agents.
  Equipment equipment(const std::vector<std::string>& agents, const std::vector<std::string>& skills) const;

 private:
  store::Snapshot snapshot_;
};

/// Why no run can begin with it: something is missing, or a sub-agent is made for another agent type. Empty
/// when one can.
std::string equipment_problem(const Equipment& equipment, const std::string& agent_type);
/// Throws that as an error with a hint.
void require_equipment(const Equipment& equipment, const std::string& agent_type, ErrorKind kind);

}  // namespace changeling::project
