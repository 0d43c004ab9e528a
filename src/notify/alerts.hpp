#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/clock.hpp"
#include "support/process.hpp"

namespace changeling::notify {

/// The section of git's configuration that says which command lines an event starts:
///
///     [changeling-alert "run:finished"]
///         command = notify-send "A run has ended"
///
/// The subsection is a type of events::event_types(); `command` may be there several times. Only the user's
/// own configuration is read: no file that comes with a clone can set it.
inline constexpr std::string_view alert_section = "changeling-alert";

/// Command lines by type of event, as the user's configuration has them.
struct AlertSettings {
  std::map<std::string, std::vector<std::string>, std::less<>> commands;
  std::vector<std::string> warnings;  ///< A sentence for each entry that means nothing; it is passed over.
};

/// `entries` are keys and values of alert_section, see git::Repository::config_section.
AlertSettings read_alerts(const std::vector<std::pair<std::string, std::string>>& entries);

/// How alerts are carried out.
struct AlertTerms {
  Environment environment;                  ///< Of the command lines, besides CHANGELING_EVENT and so on.
  std::filesystem::path working_directory;  ///< Where they run.
  Duration time_limit = std::chrono::seconds(10);
  /// How long the destructor waits for alerts that are under way; the rest is left out.
  Duration patience_at_end = std::chrono::seconds(10);
};

/// Starts the command lines that the user wants to be started on events, in the order of the events, beside
/// the work that causes them: notify() returns at once, and no failure leaves this class. A command line gets
/// the event as JSON on standard input and in CHANGELING_EVENT_JSON, and its type in CHANGELING_EVENT; what
/// it prints is dropped. One that does not end in time is not started again. Programs that an alert starts
/// cause no alerts: an event must not lead to itself.
class Alerts {
 public:
  /// Told each kind of failure once, as a sentence; called in notify() and the destructor only.
  using OnProblem = std::function<void(const std::string& sentence)>;

  /// `processes` must outlive this. Tells the settings' warnings when the first event comes.
  Alerts(AlertSettings settings, AlertTerms terms, ProcessRunner& processes, OnProblem on_problem);
  ~Alerts();
  Alerts(const Alerts&) = delete;
  Alerts& operator=(const Alerts&) = delete;

  /// `fields` are those of the event stream, an object or null. From any thread.
  void notify(std::string_view event, const nlohmann::json& fields);
  /// What the destructor does, for a process that ends without one.
  void finish();

 private:
  struct Alert {
    std::string line;  ///< For /bin/sh.
    std::string event;
    std::string json;
  };

  void work();
  void carry_out(const Alert& alert, Duration time_limit);
  void fail(const std::string& line, const std::string& problem);
  void tell_problems();

  AlertSettings settings_;
  AlertTerms terms_;
  ProcessRunner& processes_;
  OnProblem on_problem_;
  bool silent_ = false;  ///< This process was itself started by an alert.

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Alert> waiting_;
  std::set<std::string> given_up_;     ///< Command lines that took too long.
  std::set<std::string> failed_;       ///< Command lines whose failure was noted.
  std::vector<std::string> problems_;  ///< Noted, not told yet.
  std::size_t left_out_ = 0;
  bool ending_ = false;
  std::chrono::steady_clock::time_point deadline_{};
  std::thread thread_;  ///< Runs from the first alert on.
};

}  // namespace changeling::notify
