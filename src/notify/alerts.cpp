#include "notify/alerts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "events/event_types.hpp"
#include "git/program.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/signals_blocked.hpp"
#include "support/text.hpp"

namespace changeling::notify {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view event_variable = "CHANGELING_EVENT";
constexpr std::string_view variable_name = ".command";
/// Linux accepts no environment variable beyond 128 KiB (MAX_ARG_STRLEN, execve(2)).
constexpr std::size_t longest_variable = 100'000;
/// More are not kept waiting: whoever causes so many at once reads the stream better than alerts.
constexpr std::size_t longest_queue = 1000;
constexpr std::size_t shown_output = 200;

std::vector<std::string> event_names() {
  std::vector<std::string> names;
  for (const events::EventType& type : events::event_types()) names.emplace_back(type.name);
  return names;
}

}  // namespace

AlertSettings read_alerts(const std::vector<std::pair<std::string, std::string>>& entries) {
  AlertSettings settings;
  const std::vector<std::string> names = event_names();
  const std::string start = fmt::format("{}.", alert_section);
  for (const auto& [key, value] : entries) {
    const std::string_view rest = key.starts_with(start) ? std::string_view(key).substr(start.size()) : "";
    if (!rest.ends_with(variable_name)) {
      settings.warnings.push_back(
          fmt::format("{}: unknown key; an alert is written {}.EVENT.command", key, alert_section));
      continue;
    }
    const std::string event(rest.substr(0, rest.size() - variable_name.size()));
    if (std::find(names.begin(), names.end(), event) == names.end()) {
      const auto near = nearest(event, names);
      settings.warnings.push_back(fmt::format(
          "{}: there is no event '{}'; {}", key, event,
          near ? fmt::format("did you mean '{}'?", *near) : fmt::format("there are {}", join(names, ", "))));
      continue;
    }
    if (!trim(value).empty()) settings.commands[event].push_back(value);
  }
  return settings;
}

Alerts::Alerts(AlertSettings settings, AlertTerms terms, ProcessRunner& processes, OnProblem on_problem)
    : settings_(std::move(settings)),
      terms_(std::move(terms)),
      processes_(processes),
      on_problem_(std::move(on_problem)),
      silent_(terms_.environment.get(event_variable).has_value()),
      problems_(settings_.warnings) {
  terms_.environment = git::without_repository_variables(terms_.environment);
}

Alerts::~Alerts() {
  finish();
}

void Alerts::notify(std::string_view event, const nlohmann::json& fields) {
  if (silent_) return;
  tell_problems();
  const auto found = settings_.commands.find(event);
  if (found == settings_.commands.end()) return;
  Json object = fields.is_object() ? fields : Json::object();
  object["event"] = event;
  const std::string text = object.dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::scoped_lock lock(mutex_);
  for (const std::string& line : found->second) {
    if (waiting_.size() >= longest_queue) {
      ++left_out_;
    } else if (given_up_.count(line) == 0) {
      waiting_.push_back({line, std::string(event), text});
    }
  }
  if (!thread_.joinable()) {
    // Signals for this program are the main thread's, whose waits they end.
    const SignalsBlocked blocked;
    ending_ = false;
    thread_ = std::thread([this] { work(); });
  }
  changed_.notify_all();
}

void Alerts::finish() {
  if (thread_.joinable()) {
    {
      const std::scoped_lock lock(mutex_);
      ending_ = true;
      deadline_ = steady_clock::now() + terms_.patience_at_end;
    }
    changed_.notify_all();
    thread_.join();
  }
  if (left_out_ > 0)
    problems_.push_back(fmt::format("{} alerts were left out: their turn did not come in time", left_out_));
  left_out_ = 0;
  if (!silent_) tell_problems();
}

void Alerts::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const Alert alert = std::move(waiting_.front());
    waiting_.pop_front();
    Duration limit = terms_.time_limit;
    if (ending_) {
      limit = std::min(limit, std::chrono::duration_cast<Duration>(deadline_ - steady_clock::now()));
    }
    if (limit <= Duration::zero()) {
      left_out_ += 1 + waiting_.size();
      waiting_.clear();
    } else if (given_up_.count(alert.line) == 0) {
      lock.unlock();
      carry_out(alert, limit);
      lock.lock();
    }
  }
}

void Alerts::carry_out(const Alert& alert, Duration time_limit) {
  Command command;
  command.arguments = {"/bin/sh", "-c", alert.line};
  command.working_directory = terms_.working_directory;
  command.environment = terms_.environment;
  command.environment->set(std::string(event_variable), alert.event);
  if (alert.json.size() <= longest_variable) command.environment->set("CHANGELING_EVENT_JSON", alert.json);
  command.standard_input = alert.json + "\n";
  try {
    const ProcessResult result = processes_.run(command, time_limit);
    if (result.timed_out) {
      fail(alert.line,
           fmt::format("did not end within {} and is not started again", describe_duration(time_limit)));
      const std::scoped_lock lock(mutex_);
      given_up_.insert(alert.line);
    } else if (!result.status.success()) {
      const std::string said = without_controls(valid_utf8(trim(last_part(result.error, shown_output))));
      fail(alert.line,
           fmt::format("ended with {}{}", result.status.describe(), said.empty() ? "" : ": " + said));
    }
  } catch (const std::exception& error) {
    fail(alert.line, error.what());
  }
}

void Alerts::fail(const std::string& line, const std::string& problem) {
  const std::scoped_lock lock(mutex_);
  if (failed_.insert(line).second) problems_.push_back(fmt::format("the alert '{}' {}", line, problem));
}

void Alerts::tell_problems() {
  std::vector<std::string> problems;
  {
    const std::scoped_lock lock(mutex_);
    problems.swap(problems_);
  }
  if (!on_problem_) return;
  for (const std::string& problem : problems) on_problem_(problem);
}

}  // namespace changeling::notify
