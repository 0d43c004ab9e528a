#pragma once

#include <optional>

#include "cli/context.hpp"
#include "cli/progress_line.hpp"
#include "cli/quit_key.hpp"
#include "work/worker_process.hpp"

namespace changeling::cli {

/// A worker alone at this terminal: one line for the task at hand, and `q` ends the work.
class LineDisplay : public work::WorkerDisplay {
 public:
  explicit LineDisplay(Context& context);

  bool has_terminal() const override { return key_.available(); }
  bool wants_to_end() override { return key_.pressed(); }
  void lend_terminal() override;
  void task_begins(const queue::Task& task) override;
  void task_ends() override { line_.reset(); }
  void step(run::Step step) override;
  void progress(const run::Progress& progress) override;
  void tick() override;
  void trace(run::Step step) override;
  void message(std::string_view text) override;

 protected:
  LineDisplay(Context& context, const Terminal& terminal, QuitKey::Use key);

 private:
  Context& context_;
  Terminal terminal_;
  QuitKey key_;
  std::optional<ProgressLine> line_;  ///< While a task is worked on.
};

/// One of several workers: a line a step.
class StepsDisplay : public LineDisplay {
 public:
  explicit StepsDisplay(Context& context);
};

}  // namespace changeling::cli
