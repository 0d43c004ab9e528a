#include "run/lfs_hand_over.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "run/lfs.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/reading_limits.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr const char* folder_of_objects = "lfs";
/// Of all together; the file holds the work and its record as well.
constexpr std::uintmax_t most_bytes = most_object_bytes / 4 * 3;
constexpr auto listing_limit = std::chrono::minutes(10);

/// The objects of git that the work brings, one a line: name, kind, size.
std::vector<std::string> objects_of(const project::Services& services, const git::ObjectId& base,
                                    const git::ObjectId& head) {
  std::vector<std::string> listing{"rev-list", "--objects", "--no-object-names",
                                   head.hex(), "--not",     base.hex()};
  if (!services.remote.empty()) listing.push_back("--remotes=" + services.remote);
  const std::string objects = services.git.check(listing) + "\n";
  const ProcessResult result = services.git.run(
      {"cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"}, {}, listing_limit, objects);
  if (!result.status.success())
    throw Error(ErrorKind::External, "git cannot tell which files the work has changed");
  return split_lines(result.output);
}

bool is_small_blob(const std::vector<std::string>& words) {
  if (words.size() != 3 || words[1] != "blob") return false;
  std::size_t size = longest_lfs_pointer + 1;
  std::from_chars(words[2].data(), words[2].data() + words[2].size(), size);
  return size <= longest_lfs_pointer;
}

/// The names of all git-lfs objects that the work brings pointers to, also those that a later commit of its
/// own replaces: git-lfs wants all of them.
std::set<std::string> objects_named(const project::Services& services, const git::ObjectId& base,
                                    const git::ObjectId& head) {
  std::set<std::string> names;
  if (!uses_lfs(services, head)) return names;
  for (const std::string& line : objects_of(services, base, head)) {
    const auto words = split(line, ' ');
    if (!is_small_blob(words)) continue;
    const std::string text = services.repository.read_blob(git::ObjectId::from_hex(words[0]));
    if (auto name = lfs_object_named_by(text)) names.insert(std::move(*name));
  }
  return names;
}

std::string shown(std::uintmax_t bytes) {
  return fmt::format("{} MiB", (bytes + (1 << 20) - 1) >> 20);
}

}  // namespace

std::map<std::string, fs::path> new_lfs_objects(const project::Services& services, const git::ObjectId& base,
                                                const git::ObjectId& head) {
  std::map<std::string, fs::path> files;
  for (const std::string& name : objects_named(services, base, head)) {
    const fs::path file = place_of_lfs_object(services, name);
    std::error_code unknown;
    if (fs::is_regular_file(file, unknown)) files.emplace(name, file);
  }
  return files;
}

std::optional<std::string> lfs_objects_too_large(const project::Services& services, const git::ObjectId& base,
                                                 const git::ObjectId& head) {
  std::uintmax_t bytes = 0;
  for (const auto& [name, file] : new_lfs_objects(services, base, head)) bytes += fs::file_size(file);
  if (bytes <= most_bytes) return std::nullopt;
  return fmt::format(
      "its objects of git-lfs have {} together, and no more than {} can be handed over; the work stays where "
      "it was made, on the run's branch",
      shown(bytes), shown(most_bytes));
}

std::map<std::string, git::FileEdit> lfs_objects_for_hand_over(const project::Services& services,
                                                               const git::ObjectId& base,
                                                               const git::ObjectId& head) {
  std::map<std::string, git::FileEdit> edits;
  for (const auto& [name, file] : new_lfs_objects(services, base, head)) {
    const auto content = read_regular_file(file, most_bytes);
    if (!content) continue;
    edits.emplace(fmt::format("{}/{}", folder_of_objects, name),
                  git::FileEdit(services.repository.write_blob(*content)));
  }
  return edits;
}

void take_lfs_objects(const project::Services& services, const git::Repository& contents,
                      const git::ObjectId& tree, const git::ObjectId& base, const git::ObjectId& head) {
  const auto entries = contents.list_tree(tree, folder_of_objects);
  if (entries.empty()) return;
  const auto wanted = objects_named(services, base, head);
  const auto path_of = [](const std::string& name) { return fmt::format("{}/{}", folder_of_objects, name); };
  for (const git::TreeEntry& entry : entries) {
    if (!wanted.contains(entry.name))
      throw Error(ErrorKind::Invalid,
                  fmt::format("it holds an object of git-lfs, {}, that its work does not name",
                              without_controls(entry.name.substr(0, 64))));
    const auto content = contents.read_file(tree, path_of(entry.name));
    if (!content || sha256_hex(*content) != entry.name)
      throw Error(ErrorKind::Invalid,
                  fmt::format("the object {} of git-lfs in it is not what its name says", entry.name));
  }
  for (const git::TreeEntry& entry : entries) {
    const fs::path place = place_of_lfs_object(services, entry.name);
    if (!fs::exists(place)) write_file(place, *contents.read_file(tree, path_of(entry.name)));
  }
}

}  // namespace changeling::run
