#pragma once

#include "../open_project.hpp"
#include "project/definitions.hpp"
#include "project/trust.hpp"
#include "support/json.hpp"

namespace changeling::testing {

inline Timestamp at(const char* time) {
  return parse_timestamp(time);
}

/// Every night at three, in UTC.
inline constexpr const char* nightly_definition =
    "[changelings.nightly]\nrun = \"true\"\nschedule = \"0 3 * * *\"\n";

/// A repository with a state, and with changelings on its base branch.
struct ScheduledPlace : OpenProject {
  explicit ScheduledPlace(const std::string& definitions = nightly_definition) {
    commit_definitions(definitions);
    project.store().initialize();
  }
  /// As if its user had approved it then.
  void approve(const std::string& name, const char* time) {
    const auto set = project::DefinitionSet::load(project, project::FileReading::BaseBranch);
    const ApprovalSubject subject = project::changeling_subject(set, set.resolve(name).definition);
    project::approve(project, subject);
    project::open_approvals(project).approve(subject, at(time));
  }
  void halt() { std::ofstream(project.places().halt_file()) << "vacation"; }
  std::vector<Json> events() {
    std::vector<Json> all;
    std::ifstream file(project.places().local_folder() / "events.jsonl");
    for (std::string line; std::getline(file, line);) all.push_back(parse_json(line, "event"));
    return all;
  }
};

}  // namespace changeling::testing
