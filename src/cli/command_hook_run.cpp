#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "changeling/hook_events.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "hooks/hook_input.hpp"
#include "project/hook_subscriptions.hpp"
#include "support/detach.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "triggers/hook_run.hpp"

namespace changeling::cli {
namespace {

constexpr std::size_t longest_input = 16 * 1024 * 1024;

struct HookOptions {
  triggers::HookCall call;
  bool wait = false;
};

std::string read_standard_input() {
  std::string input;
  if (::isatty(STDIN_FILENO) == 1) return input;
  char buffer[65536];
  while (input.size() < longest_input) {
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    input.append(buffer, static_cast<std::size_t>(count));
  }
  return input;
}

/// Programs that are started without an environment of their own get ours.
void clean_this_process(const Environment& given, const Environment& clean) {
  for (const auto& [name, value] : given.variables()) {
    if (!clean.get(name)) ::unsetenv(name.c_str());
  }
}

Json to_json(const std::string& event, const triggers::HookOutcome& outcome) {
  Json answer{{"event", event}, {"started", outcome.started}};
  if (!outcome.ignored.empty()) answer["ignored"] = outcome.ignored;
  return answer;
}

/// The repository that the hook belongs to, opened as the person would: git has named an index and more.
project::Opening opening_for_person(Context& called) {
  git::Repository& repository = called.repository();
  const auto work_tree = repository.work_tree();
  project::Opening opening = called.opening();
  opening.directories = {
      (work_tree && std::filesystem::exists(*work_tree / ".git") ? *work_tree : repository.common_directory())
          .string()};
  opening.environment = triggers::environment_of_person(called.environment());
  clean_this_process(called.environment(), opening.environment);
  return opening;
}

Answer run_hook(Context& called, const HookOptions& options) {
  triggers::HookCall call = options.call;
  if (!is_hook_event(call.event)) {
    throw Error(ErrorKind::Usage, fmt::format("'{}' starts no changelings", call.event),
                hook_event_hint(call.event));
  }
  // Before anything is opened here: somebody may wait for the end of a pipe that git had.
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  if (triggers::is_caused_by_a_run(called))
    return {{{"event", call.event}, {"ignored", "caused by a run"}}, "", 0};
  if (hooks::has_reference_lines(call.event)) call.input = read_standard_input();
  project::Opening opening = opening_for_person(called);
  if (options.wait) {
    project::Project project(std::move(opening));
    return {to_json(call.event, triggers::handle_hook(project, call)), "", 0};
  }
  const hooks::HookJournal journal = project::hook_journal(called);
  opening.on_message = [&](std::string_view text) {
    for (const std::string& line : split_lines(text))
      journal.log(fmt::format("{}: {}", call.event, line), called.clock().now());
  };
  // git shall not wait for anything.
  fork_into_background([&] {
    project::Project project(std::move(opening));
    triggers::handle_hook(project, call);
  });
  return {{{"event", call.event}, {"detached", true}}, "", 0};
}

}  // namespace

CommandSpec hook_run_command() {
  return {
      "hook run", "Start the changelings that a git hook is for",
      "Called by the lines that git changeling hooks install writes. Call it yourself from a hook that "
      "those cannot be put into: git changeling hook run post-merge \"$@\"\n\n"
      "It goes on in the background, prints nothing, and keeps nothing open that git has given it. "
      "Several events of one kind in quick succession count as one: it waits until none has come for "
      "changeling.hookDelay (2s). Then it shares the state with the remote and starts each enabled "
      "changeling that names the event. What it did is in changelings/hooks.log of the common git folder.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<HookOptions>();
        syntax.value("event", options->call.event, "The hook, such as post-merge")
            .value_name("EVENT")
            .required();
        syntax.words("arguments", options->call.arguments, "What git gave the hook").value_name("ARG");
        syntax.flag("--wait", options->wait, "Stay in the foreground, and say what is going on");
        return [options](Context& context) { return run_hook(context, *options); };
      },
      Needs::Nothing};
}

}  // namespace changeling::cli
