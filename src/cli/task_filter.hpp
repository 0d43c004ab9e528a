#pragma once

#include <string>
#include <vector>

#include "cli/syntax.hpp"
#include "store/task_index.hpp"

namespace changeling::cli {

/// --status, --role and --label, by which `task list` and `task export` choose.
class TaskFilter {
 public:
  /// The object must live as long as `syntax` is used.
  void declare(Syntax& syntax);
  /// Without a limit. Throws Error(Usage) for a word that is no status.
  store::TaskQuery query() const;

 private:
  std::vector<std::string> statuses_;
  std::string role_;
  std::vector<std::string> labels_;
};

}  // namespace changeling::cli
