#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "git/program.hpp"
#include "project/services.hpp"
#include "sandbox/walls.hpp"
#include "support/process.hpp"

namespace changeling::run {

/// git with the user's filters and merge drivers (user_drivers.hpp) on files that an agent writes, behind
/// walls: what it starts may come from those files. It writes the files and a folder of its own below our git
/// directory, which goes with this object; there are no home, no network and no variables of the user's but
/// harmless ones. Whatever it leaves is data for us, and part of a run.
class HeldGit {
 public:
  /// `directory` is a git directory of ours below the folder of a run, `work_tree` the files, and
  /// `bubblewrap` the program that holds. As copies.
  HeldGit(const project::Services& services, std::filesystem::path directory,
          const std::filesystem::path& work_tree, const std::filesystem::path& bubblewrap);
  HeldGit(const HeldGit&) = delete;
  HeldGit& operator=(const HeldGit&) = delete;
  ~HeldGit();

  /// With the drivers; it must be told its place, and ends with this object.
  git::GitProgram program();
  /// The index of the directory, to be used as GIT_INDEX_FILE and given back afterwards.
  std::filesystem::path lend_index() const;
  /// Throws Error(Refused) when what lies there is no file.
  void take_index_back() const;
  /// Takes the objects that git has written, and those of git-lfs.
  void take_objects() const;

 private:
  /// Starts each command behind the walls.
  class Runner : public ProcessRunner {
   public:
    explicit Runner(ProcessRunner& runner) : runner_(runner) {}
    ProcessResult run(const Command& command, std::chrono::milliseconds time_limit) override;

    sandbox::Walls walls = {};
    std::string run_id = {};

   private:
    ProcessRunner& runner_;
  };

  const project::Services& services_;
  std::filesystem::path directory_;
  std::filesystem::path own_;
  Runner runner_;
};

}  // namespace changeling::run
