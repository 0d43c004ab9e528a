#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "../temporary_repository.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"
#include "git/work_tree.hpp"
#include "support/files.hpp"
#include "support/process.hpp"

namespace changeling::testing {

/// A repository with files, and the git program on it.
struct WorkTreeFixture {
  TemporaryRepository home;
  SystemProcessRunner processes;
  Environment environment = program_environment();
  git::GitProgram program{processes, environment, home.path()};
  std::filesystem::path common_directory = home.path() / ".git";

  void git(const std::string& arguments) const { home.git(arguments); }
  void write(const std::string& path, const std::string& content) const {
    std::filesystem::create_directories((home.path() / path).parent_path());
    std::ofstream(home.path() / path, std::ios::binary) << content;
  }
  std::string content(const std::string& path) const { return read_file(home.path() / path); }
  bool exists(const std::string& path) const {
    return std::filesystem::exists(std::filesystem::symlink_status(home.path() / path));
  }
  void commit(const std::string& path, const std::string& content) const {
    write(path, content);
    git("add -A");
    git("commit -q -m 'change " + path + "'");
  }
  git::ObjectId at(const std::string& revision) const {
    return git::ObjectId::from_hex(program.check({"rev-parse", "--verify", revision + "^{commit}"}));
  }
  std::string status() const { return program.check({"status", "--porcelain", "--untracked-files=all"}); }
  git::WorkTree tree() const { return {home.path(), common_directory}; }

  /// A program called git that is found first: `script` is for /bin/sh, where "$git" is the real one.
  git::GitProgram instead_of_git(const std::string& script) {
    const auto real = find_program("git", environment).value().string();
    const auto path = folder.path() / "git";
    std::ofstream(path) << "#!/bin/sh\ngit=" << real << "\n" << script;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    Environment changed = environment;
    changed.set("PATH", folder.path().string() + ":" + environment.get("PATH").value_or(""));
    return git::GitProgram(processes, changed, home.path());
  }
  TemporaryFolder folder;
};

}  // namespace changeling::testing
