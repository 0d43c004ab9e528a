#pragma once

#include <memory>
#include <string>
#include <vector>

#include "project/project.hpp"

namespace changeling::triggers {

/// What a timer that is there looks like.
struct TimerState {
  bool installed = false;
  bool current = false;  ///< It says what install would write now.
  std::string line;      ///< The line or setting that fires, for people; empty when not installed.
  std::vector<std::string> problems;  ///< Sentences without a full stop: why it may not fire, what to type.
};

/// Something of the machine that runs the tick script once a minute.
class TimerBackend {
 public:
  virtual ~TimerBackend() = default;
  /// As in --backend: "cron" or "systemd".
  virtual std::string name() const = 0;
  virtual TimerState state() = 0;
  /// Both return whether something was changed. Throw Error(Unavailable) with what to type when the backend's
  /// program is not there, Error(Conflict) when what is there is damaged.
  virtual bool install() = 0;
  virtual bool uninstall() = 0;
};

std::unique_ptr<TimerBackend> make_cron_backend(project::Project& project);
std::unique_ptr<TimerBackend> make_systemd_backend(project::Project& project);

/// Whether the user's systemd answers.
bool user_systemd_runs(project::Project& project);

}  // namespace changeling::triggers
