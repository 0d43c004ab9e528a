#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/clock.hpp"

namespace changeling::hooks {

/// Which changelings an event starts, by event.
using Subscriptions = std::map<std::string, std::set<std::string>>;

/// What hooks leave on this machine, in `changelings/hooks` of the common git folder, and the log beside it.
class HookJournal {
 public:
  /// `local_folder` is `changelings` in the common git folder.
  explicit HookJournal(const std::filesystem::path& local_folder);

  const std::filesystem::path& folder() const { return folder_; }
  const std::filesystem::path& log_file() const { return log_; }

  /// Whether `hooks install` was ever used here; nothing else is kept up to date otherwise.
  bool in_use() const;

  /// One file an event, which the shell looks for: there while anything subscribes, with the names in it.
  /// Files that are right stay untouched.
  void write_subscriptions(const Subscriptions& subscriptions) const;

  /// Files that got our lines, so that they are found again when core.hooksPath has changed.
  std::set<std::filesystem::path> installed_files() const;
  void write_installed_files(const std::set<std::filesystem::path>& files) const;

  /// Notes that the event has come.
  void note_fired(const std::string& event) const;
  std::optional<Timestamp> last_fired(const std::string& event) const;

  /// A hook that did not find this program.
  struct Missed {
    Timestamp at{};
    std::string path;  ///< The PATH that git gave it.
  };
  /// The newest time that the hook's shell noted so; nothing when it was before `hooks install`.
  std::optional<Missed> last_missed(const std::string& event) const;
  void forget_missed() const;

  /// Held by the process that waits for the end of a burst of one event.
  std::filesystem::path lock_file(const std::string& event) const;

  /// A line with the time in front. The log never grows beyond `log_limit`; its older half goes.
  void log(std::string_view text, Timestamp now) const;
  std::vector<std::string> last_log_lines(std::size_t count) const;

  /// Removes the folder with everything in it; the log stays.
  void clear() const;

  static constexpr std::size_t log_limit = 128 * 1024;

 private:
  std::filesystem::path folder_;
  std::filesystem::path log_;
};

}  // namespace changeling::hooks
