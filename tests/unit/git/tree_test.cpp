#include <doctest/doctest.h>

#include <map>
#include <random>

#include "../temporary_repository.hpp"
#include "git/loose_object.hpp"
#include "git/pack_writer.hpp"
#include "git/repository.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::git;
using changeling::testing::TemporaryRepository;

namespace {

using Files = std::map<std::string, std::string>;

/// Every file of a tree with its content, read the long way.
void read_files(const Repository& repository, const ObjectId& tree, const std::string& folder, Files& files) {
  for (const TreeEntry& entry : repository.list_tree(tree, folder)) {
    const std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
    if (entry.is_tree) {
      read_files(repository, tree, path, files);
    } else {
      files[path] = repository.read_blob(entry.id);
    }
  }
}

Files files_of(const Repository& repository, const ObjectId& tree) {
  Files files;
  read_files(repository, tree, "", files);
  return files;
}

/// Names that sort differently as files and as folders.
std::string random_path(std::mt19937& random) {
  const std::vector<std::string> names{"a", "a-", "a.b", "a0", "ab", "b"};
  std::string path = names[random() % names.size()];
  while (random() % 2 == 0) path += "/" + names[random() % names.size()];
  return path;
}

/// Whether a file would have to be a folder.
bool collides(const Files& files, const std::string& path) {
  for (const auto& [other, content] : files) {
    if (other.starts_with(path + "/") || path.starts_with(other + "/")) return true;
  }
  return false;
}

ObjectId commit_of(Repository& repository, const ObjectId& tree) {
  return repository.create_commit(tree, {}, {"A", "a@example.com"}, Timestamp{}, "x\n");
}

}  // namespace

TEST_CASE("random edits of a tree, loose and packed, equal a map, and so does comparing") {
  const TemporaryRepository home;
  Repository repository = home.open();
  std::mt19937 random(5);
  Files files;
  ObjectId tree = repository.empty_tree();
  for (int round = 0; round < 150; ++round) {
    CAPTURE(round);
    const Files before = files;
    const ObjectId old_tree = tree;
    std::map<std::string, FileEdit> edits;
    std::optional<PackWriter> pack;
    if (round % 2 == 0) pack.emplace(repository);
    for (auto count = random() % 6; count > 0; --count) {
      const std::string path = random_path(random);
      if (edits.contains(path)) continue;
      if (random() % 3 == 0) {
        if (collides(files, path)) continue;
        edits.insert_or_assign(path, std::nullopt);
        files.erase(path);
      } else if (!collides(files, path)) {
        files[path] = std::to_string(random() % 50);
        edits.insert_or_assign(path,
                               pack ? pack->write_blob(files[path]) : repository.write_blob(files[path]));
      }
    }
    if (pack) {
      tree = pack->edit_tree(tree, edits);
      pack->finish();
    } else {
      tree = repository.edit_tree(tree, edits);
    }
    CHECK(files_of(repository, tree) == files);

    Files followed = before;
    std::string last;
    repository.compare_trees(old_tree, tree, "", [&](const BlobChange& change) {
      CHECK(change.before != change.after);
      if (change.before) CHECK(repository.read_blob(*change.before) == before.at(change.path));
      if (change.after) followed[change.path] = repository.read_blob(*change.after);
      if (!change.after) followed.erase(change.path);
    });
    CHECK(followed == files);
  }
  repository.compare_and_swap("refs/heads/main", std::nullopt, commit_of(repository, tree), "x");
  CHECK(home.is_sound());
}

TEST_CASE("comparing looks only below the folder, and a missing tree is empty") {
  const TemporaryRepository home;
  Repository repository = home.open();
  const ObjectId one = repository.write_blob("1");
  const ObjectId two = repository.write_blob("2");
  const ObjectId tree = repository.edit_tree(repository.empty_tree(), {{"items/a/x", one}, {"other", one}});
  const ObjectId newer = repository.edit_tree(tree, {{"items/a/x", two}, {"other", two}});
  const auto paths = [&](const std::optional<ObjectId>& from, const std::optional<ObjectId>& to) {
    std::vector<std::string> found;
    repository.compare_trees(from, to, "items",
                             [&](const BlobChange& change) { found.push_back(change.path); });
    return found;
  };
  CHECK(paths(tree, newer) == std::vector<std::string>{"items/a/x"});
  CHECK(paths(std::nullopt, newer) == std::vector<std::string>{"items/a/x"});
  CHECK(paths(newer, std::nullopt) == std::vector<std::string>{"items/a/x"});
  CHECK(paths(newer, newer).empty());
  CHECK(paths(repository.empty_tree(), std::nullopt).empty());
  CHECK(repository.has_object(one));
  CHECK_FALSE(repository.has_object(ObjectId::from_hex(std::string(40, '1'))));
}

TEST_CASE("a path that must be new is refused by name when it is there") {
  const TemporaryRepository home;
  Repository repository = home.open();
  const ObjectId blob = repository.write_blob("1");
  const ObjectId tree = repository.edit_tree(repository.empty_tree(), {{"a/b", blob}});
  CHECK_NOTHROW(repository.edit_tree(tree, {{"a/c", FileEdit(blob, true)}}));
  try {
    repository.edit_tree(tree, {{"a/b", FileEdit(blob, true)}});
    FAIL("written over");
  } catch (const PathExists& error) {
    CHECK(error.path() == "a/b");
    CHECK(error.kind() == ErrorKind::Conflict);
  }
}

TEST_CASE("names that git forbids in trees are refused") {
  const TemporaryRepository home;
  Repository repository = home.open();
  const ObjectId blob = repository.write_blob("1");
  for (const char* path : {"", "a//b", "../a", "a/.", ".git/x", "a/.GIT", "a/"})
    CHECK_THROWS_AS(repository.edit_tree(repository.empty_tree(), {{path, blob}}), Error);
  const ObjectId tree = repository.edit_tree(repository.empty_tree(), {{"a/b", blob}});
  CHECK_THROWS_AS(repository.edit_tree(tree, {{"a", blob}}), Error);
}

TEST_CASE("a pack of many objects is one that git accepts") {
  const TemporaryRepository home;
  Repository repository = home.open();
  PackWriter pack(repository);
  std::map<std::string, FileEdit> edits;
  std::string large(300'000, 'x');
  for (int number = 0; number < 5000; ++number) {
    const std::string text = std::to_string(number % 4000) + (number == 7 ? large : "");
    edits.insert_or_assign(std::to_string(number % 70) + "/" + std::to_string(number), pack.write_blob(text));
  }
  const ObjectId tree = pack.edit_tree(repository.empty_tree(), edits);
  CHECK_FALSE(repository.has_object(tree));
  pack.finish();
  CHECK(repository.has_object(tree));
  CHECK(repository.read_file(tree, "7/7") == "7" + large);
  repository.compare_and_swap("refs/heads/main", std::nullopt, commit_of(repository, tree), "x");
  CHECK(home.is_sound());
  CHECK_NOTHROW(home.git("verify-pack " + home.path().string() + "/.git/objects/pack/pack-*.idx"));
  CHECK(files_of(home.open(), tree).size() == 5000);
}

TEST_CASE("loose objects of every size are what git expects") {
  const TemporaryRepository home;
  Repository repository = home.open();
  std::map<std::string, FileEdit> edits;
  std::vector<std::string> contents;
  for (const std::size_t size : {0UL, 1UL, 700UL, 16'000UL, 16'384UL, 70'000UL, 200'000UL}) {
    std::string content(size, 'a');
    for (std::size_t index = 0; index < size; index += 3) content[index] = static_cast<char>(index % 251);
    edits.insert_or_assign("f" + std::to_string(size), repository.write_blob(content));
    CHECK(repository.write_blob(content) == *edits.at("f" + std::to_string(size)).blob);
    contents.push_back(content);
  }
  const ObjectId tree = repository.edit_tree(repository.empty_tree(), edits);
  const ObjectId commit = repository.create_commit(tree, {}, {" A b ", "a@example.com"}, Timestamp{}, "x\n");
  repository.compare_and_swap("refs/heads/main", std::nullopt, commit, "x");
  CHECK(home.is_sound());
  const Repository again = home.open();
  for (const std::string& content : contents)
    CHECK(again.read_file(tree, "f" + std::to_string(content.size())) == content);
  CHECK_NOTHROW(home.git("gc --prune=now"));
  CHECK(home.is_sound());
  CHECK(home.open().read_file(tree, "f700") == contents[2]);
  CHECK(home.open().commit(commit).author.name == "A b");
}

TEST_CASE("stored bytes are a zlib stream with its blocks") {
  CHECK(zlib_stored("abc") == std::string("\x78\x01\x01\x03\x00\xfc\xff"
                                          "abc"
                                          "\x02\x4d\x01\x27",
                                          14));
  CHECK(zlib_stored("") == std::string("\x78\x01\x01\x00\x00\xff\xff\x00\x00\x00\x01", 11));
  CHECK(zlib_stored(std::string(70'000, 'x')).size() == 70'000 + 2 + 5 + 5 + 4);
}

TEST_CASE("an abandoned pack leaves nothing") {
  const TemporaryRepository home;
  Repository repository = home.open();
  { PackWriter(repository).write_blob("x"); }
  { PackWriter(repository).finish(); }
  CHECK(std::filesystem::is_empty(home.path() / ".git" / "objects" / "pack"));
}
