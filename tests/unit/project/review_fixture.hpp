#pragma once

#include <fstream>
#include <string>

#include "../open_project.hpp"
#include "store/records.hpp"

namespace changeling::testing {

/// A project with branches, and requests of the local forge that propose them.
struct ReviewPlace : OpenProject {
  ReviewPlace() {
    place.git("config changeling.forge local");
    project.store().initialize();
  }
  void write(const std::string& path, const std::string& text) const {
    std::ofstream(place.path() / path) << text;
  }
  /// All files on the branch that is checked out; returns the commit.
  std::string commit(const std::string& message) {
    place.git("add --all");
    place.git("commit -q -m " + message);
    return project.repository().resolve_revision("HEAD")->hex();
  }
  /// Request 1, which proposes `head` of `branch`; also to move it there.
  void propose(const std::string& branch, const std::string& head) {
    store::PullRequestRecord pull;
    pull.number = 1;
    pull.title = "A change";
    pull.changeling = "sprite";
    pull.branch = branch;
    pull.base = "main";
    pull.head = head;
    pull.created_at = pull.updated_at = project.clock().now();
    project.store().update({"open", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
      store::write_pull_request(change, pull);
    });
  }
  void close() { project.forge().close(1, "no"); }
};

inline std::string numbered(int from, int to) {
  std::string text;
  for (int number = from; number <= to; ++number) text += "line " + std::to_string(number) + "\n";
  return text;
}

}  // namespace changeling::testing
