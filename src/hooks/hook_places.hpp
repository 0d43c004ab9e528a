#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changeling::hooks {

/// Who decides what git runs, and therefore where our lines survive.
enum class HookLayout {
  Folder,         ///< Files in the folder of hooks: `.git/hooks`, or core.hooksPath inside the repository.
  Husky,          ///< `.husky/EVENT`, which husky's own files in `.husky/_` call.
  Lefthook,       ///< A file that lefthook's generated hooks read: `rc` in lefthook-local.yml.
  PreCommit,      ///< `EVENT.legacy`, which the hook that pre-commit generates calls first.
  Configuration,  ///< hook.NAME.command and hook.NAME.event of git 2.54 and newer.
};

std::string_view to_string(HookLayout layout);

/// What decides about places; see read_hook_surroundings in cli.
struct HookSurroundings {
  std::filesystem::path common_directory;          ///< Shared by all worktrees.
  std::optional<std::filesystem::path> work_tree;  ///< Nothing in a bare repository.
  std::filesystem::path hooks_folder;              ///< Absolute, from `git rev-parse --git-path hooks`.
  bool git_reads_configuration = false;            ///< git is 2.54 or newer.
};

/// Where our lines for one event belong.
struct HookPlace {
  std::string event;
  HookLayout layout = HookLayout::Folder;
  /// The file that gets our lines; empty with Configuration.
  std::filesystem::path file;
  /// What git starts: the same, or the other program's file that leads to it.
  std::filesystem::path entry;
};

/// Where the event's hook belongs now. Throws Error(Refused) with a hint when the folder of hooks lies
/// outside the repository, so that hooks of other repositories would change as well.
HookPlace find_hook_place(const HookSurroundings& surroundings, const std::string& event);

/// Every file in which lines of ours for the event may be, whoever has moved them: the places of all layouts,
/// and names that other programs give to hooks which they displace.
std::vector<std::filesystem::path> possible_hook_files(const HookSurroundings& surroundings,
                                                       const std::string& event);

/// Where git looks for hooks unless core.hooksPath says otherwise.
std::filesystem::path default_hooks_folder(const HookSurroundings& surroundings);

/// Whether "git version 2.54.0" and the like names one that reads hooks from its configuration.
bool reads_hook_configuration(std::string_view version_line);

}  // namespace changeling::hooks
