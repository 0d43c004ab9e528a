// Two trees of the state that somebody has made: "PATH TEXT" in a line each, the second behind an empty line.
// Everything in them is read, and they are brought together.
#include <filesystem>
#include <map>

#include "fuzzing.hpp"
#include "store/record_kinds.hpp"
#include "store/state_merge.hpp"
#include "store/store.hpp"
#include "support/environment.hpp"
#include "support/text.hpp"

namespace {

using namespace changeling;

git::Repository open_repository() {
  const auto folder = std::filesystem::temp_directory_path() / ("fuzz-state-" + random_id(10));
  const std::string command = "git init --quiet --bare " + folder.string();
  require(std::system(command.c_str()) == 0);
  return git::Repository::discover(folder, Environment::of_this_process());
}

git::Repository& repository() {
  static git::Repository opened = open_repository();
  return opened;
}

/// A text has no line ends of its own here: "\n" is written as two letters.
git::ObjectId tree_of(std::string_view lines) {
  git::ObjectId tree =
      repository().edit_tree(repository().empty_tree(), {{"format", repository().write_blob("1\n")}});
  for (const std::string& line : split_lines(lines)) {
    std::string_view rest = line;
    const std::string path(take_part(rest, ' '));
    try {
      tree = repository().edit_tree(tree, {{path, repository().write_blob(std::string(rest))}});
    } catch (const Error&) {
      // git itself takes no such path.
    }
  }
  return tree;
}

void read_all(const git::ObjectId& tree) {
  const auto commit = repository().create_commit(tree, {}, {"A", "a@example.org"}, {}, "fuzz");
  const auto snapshot = store::Snapshot::of_commit(repository(), commit, tree);
  for (const store::RecordKind* kind : store::record_kinds()) {
    store::DamagedRecords damaged;
    store::read_each(snapshot, *kind, &damaged, [&](const std::string& path, const std::string&) {
      if (kind->check != nullptr) kind->check(snapshot.read(path).value_or(""), path);
    });
  }
}

}  // namespace

void take(std::string_view input) {
  const auto middle = input.find("\n\n");
  const git::ObjectId ours = tree_of(input.substr(0, middle));
  const git::ObjectId published =
      tree_of(middle == std::string_view::npos ? std::string_view() : input.substr(middle + 2));
  read_all(ours);
  read_all(store::merge_states(repository(), std::nullopt, ours, published).tree);
}

CHANGELING_FUZZ_TARGET
