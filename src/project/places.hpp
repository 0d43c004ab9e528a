#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "git/repository.hpp"
#include "project/outbox.hpp"
#include "support/environment.hpp"

namespace changeling::project {

/// The local files of one run, below `changelings/runs/ID` in the git common folder. Owner-only.
struct RunFiles {
  std::filesystem::path folder;

  std::filesystem::path lock() const { return folder / "lock"; }    ///< Held while the run is alive.
  std::filesystem::path process() const { return folder / "pid"; }  ///< Of the program that leads the run.
  std::filesystem::path start() const {
    return folder / "start.json";
  }  ///< What recovery needs, see recovery.hpp.
  std::filesystem::path prompt() const { return folder / "prompt.md"; }
  std::filesystem::path log() const { return folder / "log"; }                ///< For people.
  std::filesystem::path transcript() const { return folder / "transcript"; }  ///< What the agent printed.
  std::filesystem::path progress() const { return folder / "progress.json"; }
  std::filesystem::path socket() const { return folder / "socket"; }  ///< See live_server.hpp.
  std::filesystem::path excludes() const {
    return folder / "exclude";
  }  ///< Patterns that git ignores in the worktree.
  std::filesystem::path artifacts() const { return folder / "artifacts"; }
  std::filesystem::path questions() const {
    return folder / "questions.json";
  }  ///< What the agent has asked its user, see questions.hpp,
  std::filesystem::path answers() const { return folder / "answers"; }  ///< and what it reads of that.
  std::filesystem::path git() const { return folder / "git"; }        ///< Our own for the room, see room.hpp.
  std::filesystem::path sealed() const { return folder / "sealed"; }  ///< See git/sealed_repository.hpp.
  std::filesystem::path views() const { return folder / "views"; }    ///< See git/foreign_repository.hpp.
  std::filesystem::path references() const {
    return folder / "references.json";
  }  ///< The user's, before the agent; see reference_guard.hpp.
  std::filesystem::path git_trace() const {
    return folder / "git-trace";
  }  ///< What git did for the agent with references.
  /// Its existence asks the run to end: a worker that leads it goes on with other tasks, so a signal would
  /// mean something else.
  std::filesystem::path stop_request() const { return folder / "stop"; }
};

/// Where everything local lies for one repository.
class Places {
 public:
  /// `worktree_root` is `changeling.worktreeRoot`, or empty for the default below the XDG state folder
  /// ($XDG_STATE_HOME or ~/.local/state): outside any work tree, and not in a cache that cleaners empty.
  Places(const git::Repository& repository, const Environment& environment, const std::string& worktree_root);

  const std::filesystem::path& local_folder() const { return local_folder_; }
  std::filesystem::path store_lock() const { return local_folder_ / "store.lock"; }
  /// Its presence switches everything off, see halt.hpp.
  std::filesystem::path halt_file() const { return local_folder_ / "disabled"; }
  /// The index of the state's records; elsewhere where SQLite could not open it for the length of its path.
  std::filesystem::path index_file() const;
  project::Outbox outbox() const { return project::Outbox(local_folder_ / "outbox"); }
  RunFiles run(const std::string& id) const { return {local_folder_ / "runs" / id}; }
  std::filesystem::path worktree(const std::string& run_id) const { return worktrees_ / run_id; }
  const std::filesystem::path& worktrees() const { return worktrees_; }
  /// Ids of the runs that have local files, sorted.
  std::vector<std::string> local_runs() const;

 private:
  std::filesystem::path local_folder_;
  std::filesystem::path worktrees_;
};

/// Where an agent finds its own files, relative to its worktree; git ignores the folder there.
inline constexpr const char* scratch_folder = ".changeling";

}  // namespace changeling::project
