#include "git/tree_difference.hpp"

#include <cctype>

#include "git/work_tree.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

Entry entry(const std::string& mode, const std::string& object) {
  return mode.find_first_not_of('0') == std::string::npos ? Entry() : Entry{mode, object};
}

/// "H 100644 <object> 0<tab>path", gitformat of `ls-files -v --stage`. A letter in lower case means
/// assume-unchanged, an S skip-worktree.
void read_entry(const std::string& line, IndexEntries& entries) {
  const auto tab = line.find('\t');
  const auto words = split(line.substr(0, tab), ' ');
  if (tab == std::string::npos || words.size() != 4 || words[0].size() != 1)
    throw Error(ErrorKind::External, "git ls-files said what is not understood: " + line);
  const char tag = words[0].front();
  IndexEntry& read = entries[line.substr(tab + 1)];
  read.entry = entry(words[1], words[2]);
  read.unmerged = words[3] != "0";
  read.hides_changes = tag == 'S' || std::islower(static_cast<unsigned char>(tag)) != 0;
}

}  // namespace

std::vector<EntryChange> tree_difference(const GitProgram& git, const ObjectId& from, const ObjectId& to) {
  const std::string output = git.check({"diff-tree", "-r", "-z", "--raw", "--no-renames", "--full-index",
                                        "--ignore-submodules=none", from.hex(), to.hex()});
  const auto parts = nul_separated(output);
  std::vector<EntryChange> changes;
  for (std::size_t index = 0; index + 1 < parts.size(); index += 2) {
    // ":old-mode new-mode old-object new-object status", then the path.
    const auto words = split(std::string_view(parts[index]).substr(1), ' ');
    if (words.size() != 5)
      throw Error(ErrorKind::External, "git diff-tree said what is not understood: " + parts[index]);
    changes.push_back({parts[index + 1], entry(words[0], words[2]), entry(words[1], words[3])});
  }
  return changes;
}

IndexEntries index_entries(const GitProgram& git) {
  IndexEntries entries;
  for (const std::string& line : nul_separated(git.check({"ls-files", "-v", "--stage", "-z"}))) {
    read_entry(line, entries);
  }
  return entries;
}

}  // namespace changeling::git
