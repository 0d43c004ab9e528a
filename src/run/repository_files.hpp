#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace changeling::run {

/// Files of a git folder that decide what git runs, leaves out or changes in the user's own work, and that
/// any program can write without git: hooks, config.worktree, and of info/ attributes, exclude, grafts and
/// sparse-checkout. Path below the folder to a mark, which is another one once somebody has written the file;
/// what is not there is left out. `config` is not among them: its settings are compared one by one.
std::map<std::string, std::string> marks_of_repository_files(const std::filesystem::path& git_folder);

/// For people: "120 bytes" out of a mark, and nothing out of none.
std::string size_in(std::string_view mark);

}  // namespace changeling::run
