#pragma once

#include <string>
#include <vector>

#include "store/task_index.hpp"

namespace CLI {
class App;
}

namespace changeling::cli {

/// --status, --role and --label, by which `task list` and `task export` choose.
class TaskFilter {
 public:
  /// The object must live as long as `app` is used.
  void declare(CLI::App& app);
  /// Without a limit. Throws Error(Usage) for a word that is no status.
  store::TaskQuery query() const;

 private:
  std::vector<std::string> statuses_;
  std::string role_;
  std::vector<std::string> labels_;
};

}  // namespace changeling::cli
