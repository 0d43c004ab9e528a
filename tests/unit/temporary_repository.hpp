#pragma once

#include <filesystem>
#include <string>

#include "git/repository.hpp"
#include "support/text.hpp"

namespace changeling::testing {

/// A folder of its own below the system's temporary one, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("changeling-" + random_id(10))) {
    std::filesystem::create_directories(path_);
    path_ = std::filesystem::canonical(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Configuration of the machine and the user stays out.
inline Environment hermetic_environment() {
  return Environment({{"GIT_CONFIG_NOSYSTEM", "1"}, {"GIT_CONFIG_GLOBAL", "/dev/null"}});
}

/// The same for programs, which need to be found.
inline Environment program_environment() {
  Environment environment = Environment::of_this_process();
  environment.set("GIT_CONFIG_NOSYSTEM", "1");
  environment.set("GIT_CONFIG_GLOBAL", "/dev/null");
  return environment;
}

/// A fresh repository made by the git program, on the branch main.
class TemporaryRepository {
 public:
  explicit TemporaryRepository(const std::string& options = "") {
    run("git init -q -b main " + options + " " + path().string());
    run("git -C " + path().string() + " config user.name Tester");
    run("git -C " + path().string() + " config user.email tester@example.com");
  }
  std::filesystem::path path() const { return folder_.path() / "repository"; }
  git::Repository open() const { return git::Repository::discover(path(), hermetic_environment()); }
  /// Runs `git ARGUMENTS` in the repository; the words are for a shell.
  void git(const std::string& arguments) const { run("git -C " + path().string() + " " + arguments); }
  /// Whether `git fsck --strict` has nothing to say.
  bool is_sound() const {
    return std::system(("output=$(GIT_CONFIG_NOSYSTEM=1 git -C " + path().string() +
                        " fsck --strict --no-dangling --no-progress 2>&1) || exit 1;"
                        " test -z \"$(printf '%s' \"$output\" | grep -v '^notice:')\"")
                           .c_str()) == 0;
  }

 private:
  static void run(const std::string& line) {
    const std::string command =
        "GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null " + line + " >/dev/null 2>&1";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + line);
  }
  TemporaryFolder folder_;
};

}  // namespace changeling::testing
