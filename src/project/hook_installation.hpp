#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hooks/hook_files.hpp"
#include "hooks/hook_journal.hpp"
#include "hooks/hook_places.hpp"
#include "project/project.hpp"

namespace changeling::project {

/// Whom a file that got our lines reaches.
enum class FileAudience {
  NotOfTheWorkTree,  ///< It lies where git keeps its own, or outside.
  Tracked,           ///< The change is lost with the next checkout, unless it is committed.
  New,               ///< Others get it once it is committed.
  Ignored,
};

struct WrittenHookFile {
  std::filesystem::path file;
  FileAudience audience = FileAudience::NotOfTheWorkTree;
};

/// One event's hook after `install_hooks`.
struct InstalledHook {
  hooks::HookPlace place;
  bool changed = false;
  std::vector<WrittenHookFile> written = {};  ///< None with HookLayout::Configuration.
};

/// Puts our lines where the events' hooks are; without events, where those are that enabled changelings name.
/// All places are looked at before anything is written. Throws Error(Usage) for a word that is no hook event,
/// and what find_hook_place and check_hook_place do.
std::vector<InstalledHook> install_hooks(Project& project, std::vector<std::string> events);

/// What `uninstall_hooks` took our lines out of.
struct RemovedHooks {
  std::vector<std::filesystem::path> files = {};
  std::vector<std::string> configured_events = {};  ///< In the repository's configuration.
};

/// Takes our lines out of every file that may have them, and out of the configuration. A file that cannot be
/// restored is thrown as Error(Conflict) once all others are.
RemovedHooks uninstall_hooks(Project& project);

/// How things stand for one event.
struct HookStanding {
  std::string event;
  hooks::HookHealth health = {};
  std::optional<hooks::HookLayout> layout = std::nullopt;  ///< Nothing where the place cannot be told.
  std::vector<std::string> changelings = {};               ///< That it starts; sorted.
  std::optional<Timestamp> last_fired = std::nullopt;
  /// Only for a hook that is used: it did not find this program.
  std::optional<hooks::HookJournal::Missed> missed = std::nullopt;

  bool is_used() const { return !changelings.empty(); }
  /// Nothing has fired since then.
  bool missed_last() const { return missed && (!last_fired || missed->at >= *last_fired); }
  /// A changeling waits for it, and would not be started.
  bool is_in_need() const {
    return is_used() && (health.state != hooks::HookState::Installed || missed_last());
  }
};

/// Events that changelings use, or whose hooks have lines of ours.
std::vector<HookStanding> hook_standings(Project& project);

/// As the user would write the path from the top of the work tree.
std::string shown_hook_file(const hooks::HookSurroundings& surroundings, const std::filesystem::path& file);

}  // namespace changeling::project
