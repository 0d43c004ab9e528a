#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/syntax.hpp"
#include "queue/task.hpp"

namespace changeling::cli {

/// The fields of a task as the command line gives them, for `task add` and `task edit`.
class TaskOptions {
 public:
  /// The object must live as long as `syntax` is used.
  void declare(Syntax& syntax);

  bool any() const;
  /// Puts what was given into the task, but for the status. A list replaces the whole list, an empty word
  /// clears it. Ids of other tasks stay as they were written. Throws Error(Usage) naming the option.
  void apply(queue::Task& task) const;
  std::optional<queue::TaskStatus> status() const;
  bool gives_acceptance() const { return !accept_.empty(); }
  bool gives_ids() const { return !blocked_by_.empty() || !parent_.empty() || !discovered_from_.empty(); }

 private:
  using Words = std::vector<std::string>;  ///< Empty: not given.

  Words description_;
  Words accept_;
  Words priority_;
  Words complexity_;
  Words labels_;
  Words role_;
  Words blocked_by_;
  Words parent_;
  Words discovered_from_;
  Words gates_;
  Words status_;
};

}  // namespace changeling::cli
