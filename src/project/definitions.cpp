#include "project/definitions.hpp"

#include <fmt/format.h>

#include "project/base_branch.hpp"
#include "project/user_settings.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/reading_limits.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

std::optional<std::string> file_of_commit(const git::Repository& repository,
                                          const std::optional<git::ObjectId>& commit) {
  if (!commit) return std::nullopt;
  return repository.read_file(repository.commit(*commit).tree, definitions_file_name);
}

/// Whoever has committed it may have committed anything under its name.
std::optional<std::string> file_of_work_tree(const std::filesystem::path& path) {
  std::error_code missing;
  const auto status = std::filesystem::symlink_status(path, missing);
  if (!std::filesystem::exists(status)) return std::nullopt;
  if (!std::filesystem::is_regular_file(status))
    throw Error(ErrorKind::Invalid, fmt::format("{}: it is no plain file", definitions_file_name));
  return read_regular_file(path, most_record_bytes + 1);
}

std::optional<std::string> read_definitions_file(Project& project, FileReading reading) {
  const git::Repository& repository = project.repository();
  if (reading == FileReading::BaseBranch) {
    const auto known = known_base(repository, project.remote(), Definition());
    // As where continuous integration checked out a commit without any branch.
    if (!known) return file_of_commit(repository, repository.resolve_revision("HEAD"));
    const std::string& branch = known->branch;
    const auto local = repository.resolve("refs/heads/" + branch);
    return file_of_commit(
        repository,
        local ? local : repository.resolve(fmt::format("refs/remotes/{}/{}", project.remote(), branch)));
  }
  if (const auto work_tree = repository.work_tree()) {
    if (auto text = file_of_work_tree(*work_tree / definitions_file_name)) return text;
  }
  return file_of_commit(repository, repository.resolve_revision("HEAD"));
}

}  // namespace

std::vector<std::string> names_in_definitions_file(Project& project) {
  std::vector<std::string> names;
  try {
    const auto text = read_definitions_file(project, FileReading::WorkTree);
    if (!text) return names;
    for (const auto& [name, layer] : parse_changelings_file(*text, definitions_file_name).changelings)
      names.push_back(name);
  } catch (const Error&) {
    // Whoever reads definitions is told.
  }
  return names;
}

DefinitionSet DefinitionSet::load(Project& project, FileReading reading, FileMistake mistake) {
  DefinitionSet set;
  const store::Snapshot snapshot = project.snapshot();
  set.helpers_.emplace(snapshot);
  store::DamagedRecords damaged;
  set.state_ = store::read_definitions(snapshot, &damaged);
  project.damage().note(damaged);
  for (const store::Damaged& record : damaged) {
    if (const auto name = store::changeling_of(record.path))
      set.damaged_.emplace(*name, store::damaged_error(snapshot, record));
  }
  for (auto& [name, layer] : set.state_) layer.origin = project.store().reference();
  try {
    if (const auto text = read_definitions_file(project, reading))
      set.file_ = parse_changelings_file(*text, definitions_file_name);
  } catch (const Error& error) {
    if (mistake == FileMistake::Refused || error.kind() != ErrorKind::Invalid) throw;
    project.damage().note_in_file(definitions_file_name, error);
    set.file_mistake_ = error;
  }
  set.user_ = read_user_settings(project);
  return set;
}

DefinitionSet DefinitionSet::without_user_settings() const {
  DefinitionSet set = *this;
  set.user_.clear();
  return set;
}

std::vector<std::string> DefinitionSet::names() const {
  std::map<std::string, bool> names;
  for (const auto& [name, layer] : state_) names[name] = true;
  for (const auto& [name, layer] : file_.changelings) names[name] = true;
  std::vector<std::string> sorted;
  for (const auto& [name, present] : names) {
    if (!damaged_.contains(name)) sorted.push_back(name);
  }
  return sorted;
}

bool DefinitionSet::contains(const std::string& name) const {
  return state_.contains(name) || damaged_.contains(name) || file_.changelings.contains(name);
}

const Layer* DefinitionSet::state_layer(const std::string& name) const {
  const auto found = state_.find(name);
  return found == state_.end() ? nullptr : &found->second;
}

Resolved DefinitionSet::resolve(const std::string& name, const Layer& command_line) const {
  // What the other layers say is not enough: limits that were set in the damaged one would be gone.
  if (const auto damaged = damaged_.find(name); damaged != damaged_.end()) throw damaged->second;
  if (!contains(name)) {
    if (file_mistake_) throw *file_mistake_;
    const auto near = nearest(name, names());
    throw Error(
        ErrorKind::NotFound, fmt::format("there is no changeling '{}'", name),
        near ? fmt::format("did you mean '{}'?", *near)
             : fmt::format("see: git changeling list, or create it: git changeling add {} --template T",
                           shell_quote(name)));
  }
  return resolve_layers(name, state_layer(name), command_line);
}

Resolved DefinitionSet::resolve_layers(const std::string& name, const Layer* state_layer,
                                       const Layer& command_line) const {
  std::vector<RankedLayer> layers;
  for (const UserSettings& settings : user_) {
    if (!settings.defaults.values.empty()) layers.push_back({SourceRank::UserDefaults, settings.defaults});
    if (const auto found = settings.changelings.find(name); found != settings.changelings.end())
      layers.push_back({SourceRank::UserOverrides, found->second});
  }
  if (const auto found = file_.changelings.find(name); found != file_.changelings.end()) {
    layers.push_back({SourceRank::RepositoryFile, found->second});
  }
  if (state_layer != nullptr) layers.push_back({SourceRank::StateRef, *state_layer});
  if (!command_line.values.empty()) layers.push_back({SourceRank::CommandLine, command_line});
  try {
    Resolved resolved = changeling::resolve(name, std::move(layers), file_.templates, file_.agents);
    Definition& definition = resolved.definition;
    definition.equipment = helpers().equipment(definition.agents, definition.skills);
    return resolved;
  } catch (const Error&) {
    // What it lacks may be in the file.
    if (file_mistake_) throw *file_mistake_;
    throw;
  }
}

AgentType DefinitionSet::agent(const std::string& name) const {
  if (const auto found = file_.agents.find(name); found != file_.agents.end()) return found->second;
  const auto& builtin = builtin_agent_types();
  if (const auto found = builtin.find(name); found != builtin.end()) return found->second;
  if (file_mistake_) throw *file_mistake_;
  std::vector<std::string> names;
  for (const auto* types : {&file_.agents, &builtin}) {
    for (const auto& [known, type] : *types) names.push_back(known);
  }
  const auto near = nearest(name, names);
  throw Error(ErrorKind::NotFound, fmt::format("there is no agent type '{}'", name),
              near ? fmt::format("did you mean '{}'?", *near) : "known are: " + join(names, ", "));
}

}  // namespace changeling::project
