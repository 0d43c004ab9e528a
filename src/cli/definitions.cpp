#include "cli/definitions.hpp"

#include <fmt/format.h>

#include "cli/user_settings.hpp"
#include "run/base_branch.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

std::optional<std::string> file_of_commit(const git::Repository& repository,
                                          const std::optional<git::ObjectId>& commit) {
  if (!commit) return std::nullopt;
  return repository.read_file(repository.commit(*commit).tree, definitions_file_name);
}

std::optional<std::string> read_definitions_file(Context& context, FileReading reading) {
  const git::Repository& repository = context.repository();
  if (reading == FileReading::BaseBranch) {
    const auto known = run::known_base(repository, context.remote(), Definition());
    // As where continuous integration checked out a commit without any branch.
    if (!known) return file_of_commit(repository, repository.resolve_revision("HEAD"));
    const std::string& branch = known->branch;
    const auto local = repository.resolve("refs/heads/" + branch);
    return file_of_commit(
        repository,
        local ? local : repository.resolve(fmt::format("refs/remotes/{}/{}", context.remote(), branch)));
  }
  if (const auto work_tree = repository.work_tree()) {
    if (auto text = read_file_if_exists(*work_tree / definitions_file_name)) return text;
  }
  return file_of_commit(repository, repository.resolve_revision("HEAD"));
}

Json value_to_json(const FieldValue& value) {
  return std::visit([](const auto& content) { return Json(content); }, value);
}

}  // namespace

std::vector<std::string> names_in_definitions_file(Context& context) {
  std::vector<std::string> names;
  const auto text = read_definitions_file(context, FileReading::WorkTree);
  if (!text) return names;
  try {
    for (const auto& [name, layer] : parse_changelings_file(*text, definitions_file_name).changelings)
      names.push_back(name);
  } catch (const Error&) {
    // Whoever reads definitions is told.
  }
  return names;
}

DefinitionSet DefinitionSet::load(Context& context, FileReading reading, FileMistake mistake) {
  DefinitionSet set;
  const store::Snapshot snapshot = context.snapshot();
  store::DamagedRecords damaged;
  set.state_ = store::read_definitions(snapshot, &damaged);
  context.damage().note(damaged);
  for (const store::Damaged& record : damaged) {
    if (const auto name = store::changeling_of(record.path))
      set.damaged_.emplace(*name, store::damaged_error(snapshot, record));
  }
  for (auto& [name, layer] : set.state_) layer.origin = context.store().reference();
  if (const auto text = read_definitions_file(context, reading)) {
    try {
      set.file_ = parse_changelings_file(*text, definitions_file_name);
    } catch (const Error& error) {
      if (mistake == FileMistake::Refused) throw;
      context.damage().note_in_file(definitions_file_name, error);
      set.file_mistake_ = error;
    }
  }
  set.user_ = read_user_settings(context);
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
                           name));
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
    return changeling::resolve(name, std::move(layers), file_.templates, file_.agents);
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

Json definition_to_json(const Definition& definition) {
  Json object{{"name", definition.name}};
  for (const FieldSpec& field : definition_fields()) {
    object[std::string(field.key)] = value_to_json(field.read(definition));
  }
  return object;
}

std::string field_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) return join(value.get<std::vector<std::string>>(), ", ");
  if (value.is_object()) {
    std::vector<std::string> parts;
    for (const auto& [key, item] : value.items()) parts.push_back(key + "=" + item.get<std::string>());
    return join(parts, ", ");
  }
  return value.dump();
}

}  // namespace changeling::cli
