#include "project/moved_repository.hpp"

#include <algorithm>

#include "git/alternates.hpp"
#include "project/local_runs.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

/// Where the repository and its worktrees were when somebody looked last.
struct Note {
  fs::path repository;
  fs::path worktrees;

  bool operator==(const Note&) const = default;
};

std::optional<Note> read_note(const fs::path& file) {
  const auto text = read_file_if_exists(file);
  if (!text) return std::nullopt;
  const Json json = parse_json(*text, file.string());
  return Note{json_string(json, "repository").value_or(""), json_string(json, "worktrees").value_or("")};
}

void write_note(const fs::path& file, const Note& note) {
  write_file(file,
             Json{{"repository", note.repository.string()}, {"worktrees", note.worktrees.string()}}.dump(
                 2, ' ', false, Json::error_handler_t::replace) +
                 "\n");
}

/// A run that was going on during the move leaves files of its own at the old place.
bool is_repository(const fs::path& common_directory) {
  return fs::exists(common_directory / "HEAD");
}

bool any_run_is_alive(const project::Places& places) {
  const auto runs = places.local_runs();
  return std::any_of(runs.begin(), runs.end(), [&](const std::string& run) { return is_alive(places, run); });
}

/// The rooms of runs borrow objects from where the repository was.
void bring_worktrees(const project::Places& places, const fs::path& common, const fs::path& from) {
  const fs::path& to = places.worktrees();
  std::error_code missing;
  if (from != to && fs::is_directory(from, missing) && !fs::exists(to)) {
    create_private_directories(to.parent_path());
    fs::rename(from, to);
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(to, missing)) {
    const fs::path objects = entry.path() / ".git/objects";
    if (fs::is_directory(fs::symlink_status(objects, missing)))
      git::borrow_objects(objects, {common / "objects"});
    const fs::path own = places.run(entry.path().filename().string()).git() / "objects";
    if (fs::is_directory(own)) git::borrow_objects(own, {common / "objects"});
  }
}

}  // namespace

std::optional<fs::path> follow_move(const git::Repository& repository, const project::Places& places) {
  const fs::path& common = repository.common_directory();
  const fs::path file = places.local_folder() / "place.json";
  try {
    if (!fs::is_directory(places.local_folder())) return std::nullopt;
    const Note here{common, places.worktrees()};
    const auto before = read_note(file);
    if (before == here) return std::nullopt;
    const bool moved = before && before->repository != common && !is_repository(before->repository);
    const bool bring = before && (moved || before->repository == common);
    if (bring && any_run_is_alive(places)) return std::nullopt;
    if (bring) bring_worktrees(places, common, before->worktrees);
    write_note(file, here);
    return moved ? std::optional(before->repository) : std::nullopt;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace changeling::project
