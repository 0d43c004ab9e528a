#include "cli/definitions.hpp"

#include <fmt/format.h>

#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

/// A bare repository has no work tree; its default branch speaks for it.
std::optional<std::string> file_in_default_branch(const git::Repository& repository) {
  const auto head = repository.resolve_revision("HEAD");
  if (!head) return std::nullopt;
  return repository.read_file(repository.commit(*head).tree, definitions_file_name);
}

Json value_to_json(const FieldValue& value) {
  return std::visit([](const auto& content) { return Json(content); }, value);
}

}  // namespace

DefinitionSet DefinitionSet::load(Context& context) {
  DefinitionSet set;
  set.state_ = store::read_definitions(context.snapshot());
  for (auto& [name, layer] : set.state_) layer.origin = context.store().reference();
  std::optional<std::string> text;
  if (const auto work_tree = context.repository().work_tree()) {
    text = read_file_if_exists(*work_tree / definitions_file_name);
  }
  if (!text) text = file_in_default_branch(context.repository());
  if (text) set.file_ = parse_changelings_file(*text, definitions_file_name);
  return set;
}

std::vector<std::string> DefinitionSet::names() const {
  std::map<std::string, bool> names;
  for (const auto& [name, layer] : state_) names[name] = true;
  for (const auto& [name, layer] : file_.changelings) names[name] = true;
  std::vector<std::string> sorted;
  for (const auto& [name, present] : names) sorted.push_back(name);
  return sorted;
}

bool DefinitionSet::contains(const std::string& name) const {
  return state_.contains(name) || file_.changelings.contains(name);
}

const Layer* DefinitionSet::state_layer(const std::string& name) const {
  const auto found = state_.find(name);
  return found == state_.end() ? nullptr : &found->second;
}

Resolved DefinitionSet::resolve(const std::string& name, const Layer& command_line) const {
  if (!contains(name)) {
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
  if (const auto found = file_.changelings.find(name); found != file_.changelings.end()) {
    layers.push_back({SourceRank::RepositoryFile, found->second});
  }
  if (state_layer != nullptr) layers.push_back({SourceRank::StateRef, *state_layer});
  if (!command_line.values.empty()) layers.push_back({SourceRank::CommandLine, command_line});
  return changeling::resolve(name, std::move(layers), file_.templates, file_.agents);
}

AgentType DefinitionSet::agent(const std::string& name) const {
  if (const auto found = file_.agents.find(name); found != file_.agents.end()) return found->second;
  const auto& builtin = builtin_agent_types();
  if (const auto found = builtin.find(name); found != builtin.end()) return found->second;
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

}  // namespace changeling::cli
