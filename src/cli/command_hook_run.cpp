#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "changeling/hook_events.hpp"
#include "cli/declarations.hpp"
#include "cli/detach.hpp"
#include "cli/hook_setup.hpp"
#include "cli/run_once.hpp"
#include "cli/sharing.hpp"
#include "cli/syntax.hpp"
#include "hooks/hook_input.hpp"
#include "project/settings.hpp"
#include "run/branch_remote.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

/// An end to waiting for the end of a burst.
constexpr auto longest_burst = std::chrono::seconds(60);
constexpr std::size_t longest_input = 16 * 1024 * 1024;

struct HookCall {
  std::string event;
  std::vector<std::string> arguments;
  bool wait = false;
};

/// Collects what is said on standard error, for the log.
class CollectedMessages {
 public:
  CollectedMessages() : file_(::memfd_create("messages", MFD_CLOEXEC)) {
    if (file_ >= 0) ::dup2(file_, STDERR_FILENO);
  }
  CollectedMessages(const CollectedMessages&) = delete;
  CollectedMessages& operator=(const CollectedMessages&) = delete;
  ~CollectedMessages() {
    if (file_ >= 0) ::close(file_);
  }

  /// The lines since the last call.
  std::vector<std::string> take() {
    std::string text;
    char buffer[4096];
    ssize_t count = 0;
    while (file_ >= 0 && (count = ::pread(file_, buffer, sizeof buffer, read_)) > 0) {
      text.append(buffer, static_cast<std::size_t>(count));
      read_ += count;
    }
    return split_lines(text);
  }

 private:
  int file_;
  off_t read_ = 0;
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

/// The environment of the person, without what git has set for this hook: where its repository and index
/// are, `git -c`, and whose commit it is working on.
Environment environment_of_person(const Environment& given) {
  Environment environment = git::without_repository_variables(given);
  environment.unset("GIT_CONFIG_PARAMETERS");
  for (const char* name : {"GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"}) environment.unset(name);
  for (const char* word : {"NAME", "EMAIL"}) {
    // git says who wrote the commit, which need not be who is at work here.
    const std::string author = fmt::format("GIT_AUTHOR_{}", word);
    environment.unset(author);
    if (const auto committer = environment.get(fmt::format("GIT_COMMITTER_{}", word)))
      environment.set(author, *committer);
  }
  return environment;
}

/// Programs that are started without an environment of their own get ours.
void clean_this_process(const Environment& given, const Environment& clean) {
  for (const auto& [name, value] : given.variables()) {
    if (!clean.get(name)) ::unsetenv(name.c_str());
  }
}

std::chrono::milliseconds delay(Context& context) {
  return project::duration_setting(context.repository(), "changeling.hookDelay");
}

/// One rebase makes an event for each commit. Whoever comes first waits until no more have come for a while;
/// the others only note that they were there. False for them.
bool wait_for_end_of_burst(Context& context, const hooks::HookJournal& journal, const std::string& event) {
  journal.note_fired(event);
  const auto lock = FileLock::try_acquire(journal.lock_file(event));
  if (!lock) return false;
  const auto quiet = delay(context);
  const auto give_up = std::chrono::steady_clock::now() + longest_burst;
  while (std::chrono::steady_clock::now() < give_up) {
    const Timestamp now = context.clock().now();
    const auto silent = now - journal.last_fired(event).value_or(now);
    if (silent >= quiet) break;
    std::this_thread::sleep_for(quiet - silent);
  }
  return true;
}

Json start_changelings(Context& context, const hooks::HookJournal& journal, const HookCall& call) {
  const std::string& event = call.event;
  std::optional<CollectedMessages> messages;
  if (!call.wait) messages.emplace();
  const auto note = [&](const std::string& text) {
    journal.log(fmt::format("{}: {}", event, text), context.clock().now());
  };
  share_quietly(context);
  if (messages) {
    for (const std::string& line : messages->take()) note(line);
  }
  const hooks::Subscriptions subscriptions = read_hook_subscriptions(context);
  journal.write_subscriptions(subscriptions);
  Json started = Json::array();
  const auto found = subscriptions.find(event);
  if (found == subscriptions.end()) note("no enabled changeling is started by it");
  for (const std::string& name : found == subscriptions.end() ? std::set<std::string>() : found->second) {
    RunOrder order;
    order.changeling = name;
    order.trigger = event;
    order.detach = true;
    try {
      const Answer answer = run_changeling(context, order);
      const std::string skipped = json_string(answer.json, "skipped").value_or("");
      note(skipped.empty()
               ? fmt::format("started {}: run {}", name, json_string(answer.json, "id").value_or("?"))
               : fmt::format("did not start {}: {}", name, skipped));
      if (skipped.empty()) started.push_back(name);
    } catch (const Error& error) {
      note(fmt::format("could not start {}: {}", name, error.what()));
    }
    if (messages) messages->take();  // The same in other words, and what a person might type next.
  }
  return started;
}

Json handle(Context& context, const HookCall& call, const std::string& input) {
  const hooks::HookJournal journal = hook_journal(context);
  Json answer{{"event", call.event}, {"started", Json::array()}};
  const std::string reason =
      hooks::reason_to_ignore(call.event, call.arguments, input, context.store().reference(),
                              run::branch_prefix(context.repository()));
  if (!reason.empty()) {
    refresh_hook_subscriptions(context);
    journal.log(fmt::format("{}: nothing to do, {}", call.event, reason), context.clock().now());
    answer["ignored"] = reason;
  } else if (!wait_for_end_of_burst(context, journal, call.event)) {
    answer["ignored"] = "part of a burst";
  } else {
    answer["started"] = start_changelings(context, journal, call);
  }
  return answer;
}

/// What went wrong is in the log as well: in the background nobody reads what this process says.
Json handle_with_log(Context& context, const HookCall& call, const std::string& input) {
  try {
    return handle(context, call, input);
  } catch (const Error& error) {
    hook_journal(context).log(fmt::format("{}: {}", call.event, error.what()), context.clock().now());
    throw;
  }
}

/// Agents carry the mark in their environment; one that another program has started (mngr) may not, but it
/// works in a worktree of ours.
bool is_caused_by_a_run(Context& context) {
  const Environment& environment = context.environment();
  if (environment.get("CHANGELING_RUN") || environment.get("CHANGELING_HOOKS") == "off") return true;
  const auto work_tree = context.repository().work_tree();
  const auto relative = work_tree ? work_tree->lexically_relative(context.places().worktrees()) : "..";
  return !relative.empty() && *relative.begin() != "..";
}

Answer run_hook(Context& called, const HookCall& call) {
  if (!is_hook_event(call.event)) {
    throw Error(ErrorKind::Usage, fmt::format("'{}' starts no changelings", call.event),
                hook_event_hint(call.event));
  }
  // Before anything is opened here: somebody may wait for the end of a pipe that git had.
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  if (is_caused_by_a_run(called)) return {{{"event", call.event}, {"ignored", "caused by a run"}}, "", 0};
  const std::string input = hooks::has_reference_lines(call.event) ? read_standard_input() : "";
  git::Repository& repository = called.repository();
  const auto work_tree = repository.work_tree();
  GlobalOptions options = called.options();
  options.directories = {
      (work_tree && std::filesystem::exists(*work_tree / ".git") ? *work_tree : repository.common_directory())
          .string()};
  const Environment clean = environment_of_person(called.environment());
  clean_this_process(called.environment(), clean);
  if (call.wait) {
    Context context(clean, options);
    return {handle_with_log(context, call, input), "", 0};
  }
  // git shall not wait for anything.
  fork_into_background([&] {
    Context context(clean, options);
    handle_with_log(context, call, input);
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
        auto call = std::make_shared<HookCall>();
        syntax.value("event", call->event, "The hook, such as post-merge").value_name("EVENT").required();
        syntax.words("arguments", call->arguments, "What git gave the hook").value_name("ARG");
        syntax.flag("--wait", call->wait, "Stay in the foreground, and say what is going on");
        return [call](Context& context) { return run_hook(context, *call); };
      },
      Needs::Nothing};
}

}  // namespace changeling::cli
