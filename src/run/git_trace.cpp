#include "run/git_trace.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr std::string_view kReferences = " refs/debug.c:";
constexpr std::string_view kCommand = " trace: built-in: git ";

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words = split(text, ' ');
  std::erase_if(words, [](const std::string& word) { return word.empty(); });
  return words;
}

bool is_no_object(const std::string& value) {
  return value.find_first_not_of('0') == std::string::npos;
}

}  // namespace

GitTrace GitTrace::read(const std::filesystem::path& file) {
  GitTrace trace;
  std::ifstream stream(file, std::ios::binary);
  for (std::string line; std::getline(stream, line);) trace.read_line(line);
  return trace;
}

void GitTrace::read_line(const std::string& line) {
  if (const auto at = line.find(kReferences); at != std::string::npos) {
    const auto rest = line.find(' ', at + kReferences.size());
    if (rest != std::string::npos) read_reference(words_of(std::string_view(line).substr(rest)));
  } else if (const auto command = line.find(kCommand); command != std::string::npos) {
    commands_.insert(to_lower(line.substr(command + kCommand.size())));
  }
}

/// The lines are those of git's refs/debug.c: "0: REFERENCE OLD -> NEW (F=…", "create_symref: HEAD -> BRANCH
/// …", "rename_ref: OLD -> NEW …", and the names between "delete_refs {" and "}".
void GitTrace::read_reference(const std::vector<std::string>& words) {
  if (words.size() == 1 && words[0].starts_with("refs/")) {
    deleted_.insert(words[0]);
  } else if (words.size() >= 5 && words[3] == "->") {
    note(words[1], words[4]);
  } else if (words.size() >= 4 && words[2] == "->") {
    if (words[0] == "create_symref:") note(words[1], words[3]);
    if (words[0] == "rename_ref:") deleted_.insert(words[1]);
    if (words[0] == "rename_ref:" || words[0] == "copy_ref:") note(words[3], words[1]);
  }
}

void GitTrace::note(const std::string& reference, const std::string& value) {
  constexpr std::string_view symbolic = "ref:";
  if (is_no_object(value)) {
    deleted_.insert(reference);
  } else {
    values_[reference].push_back(value.starts_with(symbolic) ? value.substr(symbolic.size()) : value);
  }
}

const std::vector<std::string>& GitTrace::values(const std::string& reference) const {
  static const std::vector<std::string> none;
  const auto found = values_.find(reference);
  return found == values_.end() ? none : found->second;
}

bool GitTrace::could_have_set(std::string_view key) const {
  constexpr std::array<std::string_view, 6> writers{"config",    "remote", "push",
                                                    "submodule", "lfs",    "sparse-checkout"};
  const std::string wanted = to_lower(key);
  // "remote.origin.url" is set with "git remote set-url origin …" as well.
  const auto first = wanted.find('.');
  const std::string section = wanted.substr(0, first);
  return std::any_of(commands_.begin(), commands_.end(), [&](const std::string& command) {
    const std::string program = command.substr(0, command.find(' '));
    if (std::find(writers.begin(), writers.end(), program) == writers.end()) return false;
    return command.find(program == "config" ? wanted : section) != std::string::npos;
  });
}

}  // namespace changeling::run
