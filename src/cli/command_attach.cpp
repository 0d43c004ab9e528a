#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/output.hpp"
#include "cli/run_text.hpp"
#include "cli/syntax.hpp"
#include "project/run_lookup.hpp"
#include "run/live_lookup.hpp"
#include "run/recovery.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr std::int64_t shown_lines = 20;
/// How often the shell may have moved us between foreground and background unseen.
constexpr int look_around_milliseconds = 500;

/// One person, or program, that looks on.
class Attachment {
 public:
  Attachment(Context& context, run::LiveClient& client, const store::RunRecord& run)
      : context_(context), client_(client), run_(run), sender_(context.store().actor().name) {}

  /// Until the run ends or the user leaves. Nothing when the connection broke.
  std::optional<Answer> look_on(std::int64_t lines) {
    client_.attach(lines);
    bool open = true;
    while (!ended_ && open) {
      wait();
      if (interrupted() || left_) return leave();
      open = client_.receive({[this](std::string_view text) { show(text); },
                              [this](const auto& reply) { take_reply(reply); },
                              [this](const auto& ended) { ended_ = ended; }});
    }
    if (!ended_) return std::nullopt;
    if (context_.options().json) show_json({{"ended", {{"outcome", ended_->outcome}}}});
    context_.message(fmt::format("run {} has ended: {}", run_.id, ended_->outcome));
    return Answer{nullptr, "", ended_->success ? 0 : 1};
  }

 private:
  /// A person is typing, and reading would not stop us for being in the background.
  bool is_typed_to() const {
    return context_.terminal().input_is_terminal && context_.terminal().output_is_terminal &&
           ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
  }

  void wait() {
    pollfd watched[] = {{client_.descriptor(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    const bool typed_to = is_typed_to();
    ::poll(watched, typed_to ? 2 : 1, look_around_milliseconds);
    if (typed_to && watched[1].revents != 0) read_typed();
  }

  void read_typed() {
    char buffer[4096];
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count < 0) return;
    left_ = count == 0;  // Ctrl-D
    typed_.append(buffer, static_cast<std::size_t>(count));
    for (auto newline = typed_.find('\n'); newline != std::string::npos; newline = typed_.find('\n')) {
      const std::string line = valid_utf8(typed_.substr(0, newline));
      typed_.erase(0, newline + 1);
      if (!trim(line).empty()) client_.send_later(line, sender_);
    }
  }

  void show(std::string_view text) {
    if (context_.options().json) return show_json({{"output", text}});
    print_text(text);
    flush_out();
  }

  static void show_json(const Json& line) {
    print_json(line);
    flush_out();
  }

  void take_reply(const run::LiveClient::Reply& reply) {
    if (!attached_ && !reply.ok) throw Error(ErrorKind::Unavailable, reply.reason);
    if (!attached_ && is_typed_to()) {
      context_.message(
          fmt::format("attached to {} (run {}): a line that you type is sent to the agent, Ctrl-D or "
                      "Ctrl-C leaves it working",
                      run_.changeling, run_.id));
    }
    if (attached_ && !reply.ok) context_.message("not sent: " + reply.reason);
    attached_ = true;
  }

  Answer leave() {
    context_.message(fmt::format("detached; run {0} goes on. Come back: git changeling attach {0}", run_.id));
    return {};
  }

  Context& context_;
  run::LiveClient& client_;
  const store::RunRecord& run_;
  std::string sender_;
  std::string typed_;
  bool attached_ = false;
  bool left_ = false;
  std::optional<run::LiveClient::Ended> ended_;
};

Answer attach(Context& context, const std::string& word, std::int64_t lines) {
  context.require_state();
  store::RunRecord run = project::find_run(context, word);
  auto client = run::connect_to_run(context, run);
  if (!client) return {nullptr, "", 1};
  catch_interrupts();
  if (auto answer = Attachment(context, *client, run).look_on(lines)) return *answer;
  // The leader was killed, unless it only closed its ears.
  run::recover_dead_runs(context.services(), {});
  run = project::find_run(context, run.id);
  if (run.status == store::RunStatus::Running) {
    throw Error(ErrorKind::Unavailable, fmt::format("lost the connection to run {}", run.id),
                fmt::format("git changeling attach {}", run.id));
  }
  context.message(fmt::format("run {} has ended: {}", run.id, store::run_state(run, context.clock().now())));
  return {nullptr, "", run.outcome && store::is_success(*run.outcome) ? 0 : 1};
}

}  // namespace

CommandSpec attach_command() {
  return {
      "attach", "Watch a run live and talk to its agent",
      "Shows the end of the run's log and then what comes. On a terminal each line that you type is sent to "
      "the agent, as git changeling send does; Ctrl-D or Ctrl-C leaves without stopping the run. Anywhere "
      "else it only prints, until the run ends.\n\n"
      "Ends with 0 when you left or the run ended well, with 1 when it ended badly or had ended before. With "
      "--json each piece of output is an object in a line of its own, {\"output\": TEXT}, and the last is "
      "{\"ended\": {\"outcome\": …}}.",
      [](Syntax& syntax) -> Action {
        auto id = std::make_shared<std::string>();
        auto lines = std::make_shared<std::int64_t>(shown_lines);
        syntax.value("run", *id, "Id of the run or its beginning; a changeling's name means its newest")
            .value_name("RUN")
            .required();
        syntax.number("-n,--lines", *lines, "How much of the log so far to show; default 20", 0)
            .value_name("N");
        return [id, lines](Context& context) { return attach(context, *id, *lines); };
      }};
}

}  // namespace changeling::cli
