#include "hooks/lefthook.hpp"

#include <fmt/format.h>

#include "hooks/hook_block.hpp"
#include "hooks/shell_text.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::hooks {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view script_path = "changelings/hooks/lefthook.sh";

bool is_comment(std::string_view line) {
  return trim(line).empty() || trim(line).starts_with('#') || line.starts_with("---");
}

bool sets_rc(std::string_view content) {
  for (const std::string& line : split_lines(content)) {
    if (line.starts_with("rc:") || line.starts_with("rc =") || line.starts_with("rc=") ||
        line.starts_with("\"rc\"") || trim(line).starts_with("\"rc\":"))
      return true;
  }
  return false;
}

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorKind::Refused, message,
              "add this line to the file that rc names, then: lefthook install\n"
              "      . \"$(git rev-parse --git-common-dir)/changelings/hooks/lefthook.sh\"");
}

/// The first of the names with an ending that lefthook knows.
std::optional<fs::path> existing(const fs::path& folder, std::initializer_list<std::string_view> names,
                                 std::initializer_list<std::string_view> endings) {
  for (const std::string_view name : names) {
    for (const std::string_view ending : endings) {
      const fs::path file = folder / fmt::format("{}.{}", name, ending);
      if (fs::exists(file)) return file;
    }
  }
  return std::nullopt;
}

}  // namespace

fs::path lefthook_local_file(const fs::path& work_tree) {
  if (const auto file = existing(work_tree, {"lefthook-local", ".lefthook-local", ".config/lefthook-local"},
                                 {"yml", "yaml", "toml", "json", "jsonc"}))
    return *file;
  const bool hidden =
      existing(work_tree, {".lefthook"}, {"yml", "yaml", "toml", "json", "jsonc"}).has_value();
  return work_tree / (hidden ? ".lefthook-local.yml" : "lefthook-local.yml");
}

fs::path lefthook_script_file(const fs::path& common_directory) {
  return common_directory / script_path;
}

std::string lefthook_script() {
  const std::string text = with_lines(shell_text("lefthook.sh"), "with_input", hook_commands("pre-push"));
  return with_lines(text, "without_input", hook_commands("${0##*/}"));
}

std::string with_lefthook_block(std::string_view content, const fs::path& hooks_folder,
                                const fs::path& common_directory) {
  const std::string rest = without_hook_block(content);
  if (sets_rc(rest)) refuse("its configuration sets rc already");
  for (const std::string& line : split_lines(rest)) {
    if (is_comment(line)) continue;
    if (line.starts_with('{') || line.starts_with('['))
      refuse("lefthook's local configuration is not made of plain YAML lines");
    break;
  }
  if (rest.find("\n...") != std::string::npos)
    refuse("lefthook's local configuration holds more than one document");
  // The hook files lie beside our local files unless core.hooksPath says otherwise; then the repository
  // may be moved as a whole.
  const std::string script = hooks_folder == common_directory / "hooks"
                                 ? fmt::format("${{0%/*}}/../{}", script_path)
                                 : lefthook_script_file(common_directory).string();
  const bool joins = !rest.empty() && !rest.ends_with('\n');
  return fmt::format(
      "{0}{1}# >>> git-changeling hook: lefthook ({2})\n"
      "# Written by \"git changeling hooks install\", taken out by \"git changeling hooks uninstall\".\n"
      "rc: '\"{3}\"'\n"
      "# <<< git-changeling hook\n",
      rest, joins ? "\n" : "",
      rest.empty() ? "whole file"
      : joins      ? "added with a newline"
                   : "added",
      script);
}

void check_lefthook_configuration(const fs::path& work_tree) {
  const auto file = existing(work_tree, {"lefthook", ".lefthook", ".config/lefthook"},
                             {"yml", "yaml", "toml", "json", "jsonc"});
  if (file && sets_rc(read_file(*file))) refuse(fmt::format("{} sets rc already", file->filename().string()));
  const fs::path local = lefthook_local_file(work_tree);
  if (local.extension() != ".yml" && local.extension() != ".yaml") {
    refuse(fmt::format("{} is not YAML, which is all that we can add a line to", local.filename().string()));
  }
}

bool reads_lefthook_script(std::string_view generated_hook) {
  return generated_hook.find(script_path) != std::string_view::npos;
}

}  // namespace changeling::hooks
