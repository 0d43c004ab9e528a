#include "cli/worker_display.hpp"

#include "cli/trace.hpp"

namespace changeling::cli {
namespace {

QuitKey::Use key_use(const Terminal& terminal) {
  return terminal.input_is_terminal && terminal.error_is_terminal ? QuitKey::Use::Watch
                                                                  : QuitKey::Use::Ignore;
}

Terminal without_terminal(Terminal terminal) {
  terminal.error_is_terminal = false;
  return terminal;
}

}  // namespace

LineDisplay::LineDisplay(Context& context)
    : LineDisplay(context, context.terminal(), key_use(context.terminal())) {}

LineDisplay::LineDisplay(Context& context, const Terminal& terminal, QuitKey::Use key)
    : context_(context), terminal_(terminal), key_(key) {}

StepsDisplay::StepsDisplay(Context& context)
    : LineDisplay(context, without_terminal(context.terminal()), QuitKey::Use::Ignore) {}

void LineDisplay::lend_terminal() {
  if (line_) line_->pause();
  key_.release();
}

void LineDisplay::task_begins(const queue::Task& task) {
  line_.emplace(terminal_, context_.options().quiet, task.id);
  line_->message(task.title);
}

void LineDisplay::step(run::Step step) {
  if (line_) line_->step(step);
}

void LineDisplay::progress(const run::Progress& progress) {
  if (line_) line_->progress(progress);
}

void LineDisplay::tick() {
  if (line_) line_->tick();
}

void LineDisplay::trace(run::Step step) {
  trace_step(context_.environment(), step);
}

void LineDisplay::message(std::string_view text) {
  if (line_) {
    line_->message(text);
  } else {
    context_.message(text);
  }
}

}  // namespace changeling::cli
