#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace changeling::hooks {

// lefthook writes its hook files anew whenever its configuration has changed. What it leaves alone is the
// file that `rc` names, which each of its hooks reads first, and the person's own lefthook-local.yml.

/// The person's own configuration of lefthook: the file that is there, or the one to be made.
std::filesystem::path lefthook_local_file(const std::filesystem::path& work_tree);

/// The file that `rc` names: it lies with our local files, and does what hook_commands does, for the event
/// that the hook file is named after.
std::filesystem::path lefthook_script_file(const std::filesystem::path& common_directory);
std::string lefthook_script();

/// lefthook_local_file with our block, which sets `rc` for hooks in `hooks_folder`. Throws Error(Refused)
/// when an `rc` is set already or the text is not made of plain YAML lines.
std::string with_lefthook_block(std::string_view content, const std::filesystem::path& hooks_folder,
                                const std::filesystem::path& common_directory);

/// Throws Error(Refused) when the configuration that the repository shares sets `rc`, which ours would hide.
void check_lefthook_configuration(const std::filesystem::path& work_tree);

/// Whether a hook that lefthook generated reads our script.
bool reads_lefthook_script(std::string_view generated_hook);

}  // namespace changeling::hooks
