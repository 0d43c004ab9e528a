#include "run/user_drivers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr std::array interpreters{"awk", "bash", "dash", "deno", "node",    "perl",
                                  "php", "ruby", "sh",   "zsh",  "python3", "python"};

std::string last_part_of_key(const std::string& key) {
  return key.substr(key.rfind('.') + 1);
}

/// "filter.strip" of "filter.strip.clean".
std::string driver_name(const std::string& key) {
  return key.substr(0, key.rfind('.'));
}

bool is_filter(const std::string& key) {
  return key.starts_with("filter.");
}

/// `merge.conflictStyle` and the like have no name of a driver.
bool is_merge_driver(const std::string& key) {
  return key.starts_with("merge.") && driver_name(key) != "merge" && last_part_of_key(key) != "conflictstyle";
}

/// git-config(1): diff.external, diff.NAME.command, diff.NAME.textconv.
bool shows_differences(const std::string& key) {
  const std::string last = last_part_of_key(key);
  return key.starts_with("diff.") && (last == "external" || last == "command" || last == "textconv");
}

bool is_command(const std::string& key) {
  const std::string last = last_part_of_key(key);
  return is_filter(key) ? last == "clean" || last == "smudge" || last == "process" : last == "driver";
}

bool is_git_lfs(const std::string& command) {
  const bool has_more = command.find_first_of(";|&<>`$\n") != std::string::npos;
  return command.empty() ||
         (!has_more && (command.starts_with("git-lfs ") || command.starts_with("git lfs ")));
}

/// Filters of which a command is not git-lfs' own, and all merge drivers.
std::set<std::string> names_of_others(const git::ConfigEntries& entries) {
  std::set<std::string> names;
  for (const auto& [key, value] : entries) {
    const bool is_driver = is_filter(key) || is_merge_driver(key);
    if (is_driver && is_command(key) && !is_git_lfs(value)) names.insert(driver_name(key));
  }
  return names;
}

/// The words of a text for the shell, with an empty one where another command begins.
std::vector<std::string> shell_words(const std::string& command) {
  constexpr std::string_view ends = " \t\n'\"`;|&<>(){}$";
  constexpr std::string_view starts_anew = "\n`;|&({";
  std::vector<std::string> words;
  std::string word;
  for (const char letter : command + " ") {
    if (ends.find(letter) == std::string_view::npos) {
      word += letter;
      continue;
    }
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
    if (starts_anew.find(letter) != std::string_view::npos) words.emplace_back();
  }
  return words;
}

bool is_relative_path(const std::string& word) {
  return word.find('/') != std::string::npos && !word.starts_with('/') && !word.starts_with('~');
}

bool is_interpreter(const std::string& word) {
  const std::string name = std::filesystem::path(word).filename().string();
  return std::find(interpreters.begin(), interpreters.end(), name) != interpreters.end();
}

/// A program by its relative path, or a file that one is told to read and may take for a program.
bool comes_with_files(const std::string& command, const std::function<bool(const std::string&)>& is_file) {
  bool is_program = true;
  bool reads_programs = false;
  for (const std::string& word : shell_words(command)) {
    const bool named = word.starts_with("./") || word.starts_with("../") ||
                       (is_program && is_relative_path(word)) ||
                       ((is_relative_path(word) || word.find('.') != std::string::npos || reads_programs) &&
                        !is_program && !word.starts_with('/') && is_file(word));
    if (named) return true;
    reads_programs = word.empty() ? false : reads_programs || is_interpreter(word);
    is_program = word.empty();
  }
  return false;
}

}  // namespace

SplitSettings split_drivers(const git::ConfigEntries& entries) {
  const std::set<std::string> names = names_of_others(entries);
  SplitSettings split;
  for (const auto& entry : entries) {
    if (shows_differences(entry.first)) continue;
    const bool is_drivers = names.contains(driver_name(entry.first));
    (is_drivers ? split.drivers : split.others).push_back(entry);
  }
  return split;
}

std::vector<DriverOfBranch> drivers_of_branch(const git::ConfigEntries& drivers,
                                              const std::function<bool(const std::string&)>& is_file) {
  std::vector<DriverOfBranch> found;
  for (const auto& [key, value] : drivers) {
    if (is_command(key) && comes_with_files(value, is_file)) found.push_back({driver_name(key), key, value});
  }
  return found;
}

DriverRefused::DriverRefused(const DriverOfBranch& driver)
    : Error(ErrorKind::Refused,
            fmt::format("the {} runs '{}', which comes with the branch that the agent writes, and no sandbox "
                        "holds it here",
                        driver.name.starts_with("merge.") ? "merge driver " + driver.name.substr(6)
                                                          : "filter " + driver.name.substr(7),
                        driver.command),
            fmt::format("let bubblewrap hold it (its remark above says what is missing), or keep the "
                        "program elsewhere: git config {} /path/to/program",
                        driver.key)) {}

git::ConfigEntries without(const std::vector<DriverOfBranch>& filters) {
  git::ConfigEntries entries;
  for (const DriverOfBranch& filter : filters) {
    if (!is_filter(filter.key)) continue;
    entries.insert(entries.end(), {{filter.key, ""}, {filter.name + ".required", "false"}});
  }
  return entries;
}

}  // namespace changeling::run
