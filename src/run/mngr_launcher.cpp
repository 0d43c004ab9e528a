#include "run/mngr_launcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "run/live_server.hpp"
#include "run/mngr_program.hpp"
#include "run/mngr_transcript.hpp"
#include "run/output_tail.hpp"
#include "run/supervisor.hpp"
#include "run/watchdog.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/terminal_codes.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// For a question that mngr answers from what it knows; Python and discovery take about a second.
constexpr seconds kShortCommand{60};
constexpr seconds kCleanUp{120};
constexpr seconds kDelivery{20};
/// How long one `mngr wait` lasts before the transcript is looked at again.
constexpr seconds kSlice{10};
/// The transcript follows the state after a moment; an agent that says nothing for so long waits for a
/// person.
constexpr seconds kTranscriptLag{5};
/// How long mngr's shell may take to start a command.
constexpr seconds kBeginning{60};
constexpr milliseconds kStopRequestInterval{200};
constexpr milliseconds kPauseBetweenLooks{300};
constexpr milliseconds kPatienceAfterTerm{3000};

/// One launch: the agent exists at mngr from create() on, until destroy().
class Session {
 public:
  Session(const LaunchRequest& request, const LaunchObserver& observer, ProcessRunner& runner)
      : request_(request),
        observer_(observer),
        runner_(runner),
        program_(request),
        watchdog_(limits_of(request), steady_clock::now()) {}

  ~Session() {
    try {
      if (exists_) destroy();
    } catch (const std::exception&) {
      // An exception is on its way already; the processes are ended below.
    }
    end_processes_of_run(request_.run_id);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  LaunchResult run() {
    check_version();
    check_packages();
    if (create()) follow();
    if (result_.ended_by != EndedBy::Itself) result_.error = describe(result_.ended_by, limits_of(request_));
    destroy();
    if (program_.is_command()) look_at_output();
    result_.final_text = valid_utf8(without_terminal_codes(transcript_.final_text()));
    result_.totals = transcript_.progress();
    result_.success = result_.error.empty();
    if (result_.success) result_.exit_status.code = 0;
    return result_;
  }

 private:
  void check_version() {
    try {
      const auto answer = runner_.run(program_.version(), kShortCommand);
      check_mngr_version(answer.output.empty() ? answer.error : answer.output);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::NotFound) throw;
      throw Error(
          ErrorKind::NotFound, fmt::format("agent '{}': {}", request_.agent.name, error.what()),
          "install it with 'uv tool install imbue-mngr --with imbue-mngr-wait --with imbue-mngr-claude' or "
          "'pip install imbue-mngr imbue-mngr-wait imbue-mngr-claude' (Python 3.12 or newer; it needs git, "
          "tmux, jq and flock)");
    }
  }

  /// Before create, which deletes the worktree when it does not know what it is told.
  void check_packages() {
    const auto missing =
        missing_mngr_packages(runner_.run(program_.plugins(), kShortCommand).output, program_.type());
    if (missing.empty()) return;
    throw Error(
        ErrorKind::NotFound,
        fmt::format("agent '{}': mngr is here without {}", request_.agent.name, join(missing, " and ")),
        fmt::format("type 'pip install {}' where mngr is installed, or 'mngr plugin add {}'",
                    join(missing, " "), missing.front()));
  }

  /// Whether the agent was started.
  bool create() {
    if (program_.is_command()) write_file(program_.script_file(), program_.script());
    exists_ = true;  // Also a failed create may have left something.
    const auto answer = run_watched(program_.create());
    if (should_stop() || !answer) return false;
    // Of a command the transcript is what it prints.
    if (!program_.is_command()) note(answer->output);
    created_ = answer->status.success();
    created_at_ = steady_clock::now();
    if (!created_) {
      result_.exit_status = answer->status;
      fail(explain_mngr_failure("create", program_.agent_name(), *answer));
    }
    return created_;
  }

  /// Returns when the agent has ended its turn or has to be ended.
  void follow() {
    const ReceivingMessages receiving(observer_.live,
                                      [this](const std::string& text) { return deliver(text); });
    std::optional<steady_clock::time_point> idle_since;
    for (;;) {
      const auto left = std::chrono::floor<seconds>(watchdog_.next_deadline() - steady_clock::now());
      const auto answer =
          run_watched(program_.wait(std::clamp(left, seconds(1), kSlice), !program_.is_command()));
      if (stopped_) return;
      // Before judging: what was written meanwhile is no silence.
      if (program_.is_command()) {
        look_at_output();
      } else if (!look_at_transcript()) {
        return fail(fmt::format(
            "agents of mngr's type '{}' have no transcript, so nobody could tell how this one ends: "
            "give their command in the arguments of '--type command', whose exit code is kept",
            program_.type()));
      }
      if (should_stop()) return;
      if (!answer) continue;
      const auto read = read_mngr_wait(*answer);
      if (read.kind == MngrWaitAnswer::Kind::Failed) {
        result_.exit_status = answer->status;
        return fail(explain_mngr_failure("wait", program_.agent_name(), *answer));
      }
      if (read.kind == MngrWaitAnswer::Kind::TimedOut) {
        idle_since.reset();
        continue;
      }
      if (program_.is_command() && read.state == "DONE" && is_yet_to_begin()) {
        pause();
        if (stopped_) return;
        continue;
      }
      if (has_ended(read.state)) return;
      if (!idle_since || *idle_since < last_message_) idle_since = steady_clock::now();
      if (steady_clock::now() - *idle_since > kTranscriptLag) return explain_unfinished(read.state);
      pause();
      if (stopped_) return;
    }
  }

  /// Keeps stop requests waiting for the second that mngr needs. Nothing when the agent has the message.
  std::optional<std::string> deliver(const std::string& text) {
    const auto answer = runner_.run(program_.message(text), kDelivery);
    if (!answer.status.success()) return explain_mngr_failure("message", program_.agent_name(), answer);
    if (mngr_reached_nobody(answer)) {
      return fmt::format("mngr has no agent '{}' any more, so nobody has read the message",
                         program_.agent_name());
    }
    ++messages_;
    last_message_ = steady_clock::now();
    return std::nullopt;
  }

  /// The agent was sent something that its transcript does not show yet. One that it took into the turn under
  /// way may never show up, so the patience ends.
  bool has_unread_message() const {
    return transcript_.user_messages() <= messages_ && messages_ > 0 &&
           steady_clock::now() - last_message_ < kTranscriptLag;
  }

  bool has_ended(const std::string& state) {
    if (state == "WAITING" && waits_for_permission()) {
      result_.denials = {transcript_.progress().activity.empty() ? "a tool"
                                                                 : transcript_.progress().activity};
      result_.waits_for_permission = true;
      fail(fmt::format("waits for a permission that nobody can give: {}", result_.denials.front()));
      return true;
    }
    if (state == "STOPPED") {
      fail(fmt::format("agent '{}' was stopped from outside", program_.agent_name()));
      return true;
    }
    if (program_.is_command()) {
      judge_end();
      return true;
    }
    return transcript_.turn_ended() && !has_unread_message();
  }

  /// The shell that will start a command looks like the one that it leaves.
  bool is_yet_to_begin() const {
    return !std::filesystem::exists(program_.output_file()) && steady_clock::now() < created_at_ + kBeginning;
  }

  /// mngr tells that a command has ended, not how.
  void judge_end() {
    const std::string status(trim(read_file_if_exists(program_.status_file()).value_or("")));
    if (status.empty()) return fail("the agent's command was ended before it could tell its exit code");
    if (status == "0") return;
    result_.exit_status.code = std::atoi(status.c_str());
    fail(fmt::format("the agent ended with exit code {}", status));
  }

  void explain_unfinished(const std::string& state) {
    if (state == "DONE") return fail("the agent's program ended before its turn was over");
    if (transcript_.empty()) {
      return fail(
          "the agent waits for a person before its first answer: start it once by hand and log in, then "
          "retry");
    }
    fail("the agent waits for a person in the middle of its turn");
  }

  bool waits_for_permission() {
    return mngr_waits_for_permission(runner_.run(program_.list(), kShortCommand).output,
                                     program_.agent_name());
  }

  /// False when the agent's kind has none at all.
  bool look_at_transcript() {
    const auto answer = runner_.run(program_.transcript(), kShortCommand);
    // With JSON lines errors are on the standard output.
    if ((answer.error + answer.output).find("does not produce a common transcript") != std::string::npos)
      return false;
    if (!answer.status.success()) return true;  // There is none before the first event.
    const std::string more = transcript_.update(answer.output, observer_.on_progress);
    if (more.empty()) return true;
    watchdog_.note_activity(steady_clock::now());
    note(more);
    return true;
  }

  /// What a command has printed since the last look.
  void look_at_output() {
    const std::string whole = read_file_if_exists(program_.output_file()).value_or("");
    if (whole.size() <= shown_) return;
    const std::string more = whole.substr(shown_);
    shown_ = whole.size();
    watchdog_.note_activity(steady_clock::now());
    note(more);
    Progress progress;
    progress.activity = last_line_of(whole);
    if (observer_.on_progress) observer_.on_progress(progress);
  }

  /// Stops the agent first when it may still be working, then removes it. What mngr cannot remove is told,
  /// but not that there was nothing to remove after a failed create.
  void destroy() {
    exists_ = false;
    if (stopped_) runner_.run(program_.stop(), kCleanUp);
    const auto answer = runner_.run(program_.destroy(), kCleanUp);
    if (answer.status.success() || !created_) return;
    const std::string sentence = explain_mngr_failure("destroy", program_.agent_name(), answer);
    result_.error += (result_.error.empty() ? "" : "; ") + sentence;
  }

  /// Runs a command that may last. Nothing when it was ended, because of a stop request (stopped_ is set) or
  /// because a deadline of the watchdog has come; the caller judges whether it really is the end.
  std::optional<ProcessResult> run_watched(const Command& command) {
    ProcessResult answer;
    auto child = ChildProcess::start(command, ChildProcess::StandardInput::Null);
    const auto output = [&](std::string_view bytes) { answer.output.append(bytes); };
    const auto error = [&](std::string_view bytes) { answer.error.append(bytes); };
    const auto pump_until = [&](steady_clock::time_point end) {
      const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
      const auto wait = std::clamp(left, milliseconds(0), kStopRequestInterval);
      const auto visitors = observer_.live != nullptr ? observer_.live->watched() : std::vector<pollfd>();
      const bool runs = child.pump(wait, output, error, visitors);
      if (observer_.live != nullptr) observer_.live->serve();
      return runs;
    };
    const auto deadline = watchdog_.next_deadline();
    while (pump_until(deadline)) {
      if (!stop_requested() && steady_clock::now() < deadline) continue;
      child.signal_group(SIGTERM);
      const auto patience = steady_clock::now() + kPatienceAfterTerm;
      while (pump_until(patience) && steady_clock::now() < patience) {
      }
      return std::nullopt;
    }
    answer.status = child.exit_status();
    return answer;
  }

  void pause() {
    std::this_thread::sleep_for(kPauseBetweenLooks);
    if (observer_.live != nullptr) observer_.live->serve();
    stop_requested();
  }

  bool stop_requested() {
    if (!observer_.stop_requested) return false;
    if (observer_.waits_for_answer && observer_.waits_for_answer())
      watchdog_.note_activity(steady_clock::now());
    result_.ended_by = observer_.stop_requested();
    return stopped_ = result_.ended_by != EndedBy::Itself;
  }

  bool should_stop() {
    if (stop_requested()) return true;
    result_.ended_by = watchdog_.judge(steady_clock::now());
    return stopped_ = result_.ended_by != EndedBy::Itself;
  }

  void fail(const std::string& sentence) {
    if (result_.error.empty()) result_.error = sentence;
  }

  void note(std::string_view bytes) {
    if (observer_.on_transcript && !bytes.empty()) observer_.on_transcript(bytes);
  }

  const LaunchRequest& request_;
  const LaunchObserver& observer_;
  ProcessRunner& runner_;
  MngrProgram program_;
  std::size_t shown_ = 0;  ///< Bytes of a command's output that were handed on.
  Watchdog watchdog_;
  MngrTranscript transcript_;
  LaunchResult result_;
  bool exists_ = false;   ///< Something may be at mngr that has to be destroyed.
  bool created_ = false;  ///< The agent was started.
  bool stopped_ = false;
  steady_clock::time_point created_at_{};
  std::int64_t messages_ = 0;  ///< That people have sent, besides the prompt.
  steady_clock::time_point last_message_{};
};

}  // namespace

bool MngrLauncher::prints_its_log(const AgentType& agent) const {
  return is_mngr_command(agent);
}

LaunchResult MngrLauncher::launch(const LaunchRequest& request, const LaunchObserver& observer) {
  return Session(request, observer, runner_).run();
}

}  // namespace changeling::run
