#pragma once

#include <map>
#include <string>
#include <vector>

#include "changeling/resolution.hpp"
#include "changeling/toml_file.hpp"
#include "changeling/user_file.hpp"
#include "project/helpers.hpp"
#include "project/project.hpp"
#include "support/error.hpp"

namespace changeling::project {

inline constexpr const char* definitions_file_name = ".changelings.toml";

/// Which `.changelings.toml` counts: that of the work tree, where the user may be trying something out (of
/// HEAD when there is no such file), or that of the base branch's newest commit here, for what runs
/// unattended.
enum class FileReading { WorkTree, BaseBranch };

/// What a mistake in `.changelings.toml` does. Nothing of such a file is used, and whatever would start,
/// write or approve something is refused; those who only show are told, and go on with all the rest.
enum class FileMistake { Refused, Said };

/// The changelings of a repository from all their sources, before merging.
class DefinitionSet {
 public:
  /// Reads the state ref, `.changelings.toml` and the user's own file.
  static DefinitionSet load(Project& project, FileReading reading = FileReading::WorkTree,
                            FileMistake mistake = FileMistake::Refused);

  /// The same without the user's own file: what another machine makes of these definitions.
  DefinitionSet without_user_settings() const;

  /// Sorted, without those whose record on the state ref is damaged.
  std::vector<std::string> names() const;
  /// Also for a damaged one.
  bool contains(const std::string& name) const;
  bool is_damaged(const std::string& name) const { return damaged_.contains(name); }
  /// Throws Error(NotFound) with the nearest name as the hint, and Error(Invalid) for a damaged one.
  /// `command_line` joins as the strongest layer.
  Resolved resolve(const std::string& name, const Layer& command_line = {}) const;
  /// As resolve, for a changeling that may not exist yet.
  Resolved resolve_layers(const std::string& name, const Layer* state_layer,
                          const Layer& command_line = {}) const;
  /// Whether `.changelings.toml` says anything about this name.
  bool in_file(const std::string& name) const { return file_.changelings.contains(name); }
  /// What the state ref holds for this name, or nothing.
  const Layer* state_layer(const std::string& name) const;
  /// Built in or configured. Throws Error(NotFound) with the nearest name as the hint.
  AgentType agent(const std::string& name) const;
  const std::vector<Template>& templates() const { return file_.templates; }
  /// The sub-agents and skills that are there.
  const Helpers& helpers() const { return *helpers_; }
  /// The agent types of `.changelings.toml`.
  const std::map<std::string, AgentType>& file_agents() const { return file_.agents; }
  /// The roles of `.changelings.toml`; see roles.hpp for all of them.
  const std::map<std::string, RoleDefinition>& file_roles() const { return file_.roles; }

 private:
  std::optional<Helpers> helpers_;  ///< Always, once it is loaded.
  std::map<std::string, Layer> state_;
  std::map<std::string, Error> damaged_;  ///< Why those of the state ref cannot be read.
  ChangelingsFile file_;
  std::optional<Error> file_mistake_;  ///< Why the file does not count.
  std::vector<UserSettings> user_;     ///< Those that concern this repository, weakest first.
};

/// The changelings that `.changelings.toml` says something about; none when it has a mistake.
std::vector<std::string> names_in_definitions_file(Project& project);

}  // namespace changeling::project
