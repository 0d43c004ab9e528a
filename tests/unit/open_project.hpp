#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "project/project.hpp"
#include "temporary_repository.hpp"

namespace changeling::testing {

/// A fresh repository, opened as a project of a user whose home is empty, and what people are told.
struct OpenProject {
  Environment environment() const {
    Environment environment = hermetic_environment();
    environment.set("HOME", home.path().string());
    environment.set("PATH", std::getenv("PATH"));
    // Its part inside is one of the program, which a test is not.
    environment.set("CHANGELING_SANDBOX", "off");
    return environment;
  }
  /// For a second process on the same repository.
  project::Opening opening() {
    return {environment(), {place.path().string()}, [this](std::string_view text) {
              messages.emplace_back(text);
            }};
  }
  /// `.changelings.toml` in the work tree.
  void write_definitions(const std::string& text) const {
    std::ofstream(place.path() / ".changelings.toml") << text;
  }
  /// The same, on the base branch.
  void commit_definitions(const std::string& text) const {
    write_definitions(text);
    place.git("add --all");
    place.git("commit -q -m definitions");
  }
  /// The user's own file.
  void write_user_file(const std::string& text) const {
    const auto folder = home.path() / ".config" / "git-changeling";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "config.toml") << text;
  }
  /// A file of the state, whatever is in it.
  void write_record(const std::string& path, const std::string& content) {
    project.store().update({"write", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
      change.write(path, content);
    });
  }
  bool was_told(std::string_view part) const {
    for (const std::string& message : messages) {
      if (message.find(part) != std::string::npos) return true;
    }
    return false;
  }

  std::vector<std::string> messages;
  TemporaryFolder home;
  TemporaryRepository place;
  project::Project project{opening()};
};

}  // namespace changeling::testing
