#include "changeling/resolution.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

/// The strongest layer that has each key.
using Winners = std::map<std::string, const RankedLayer*>;

Winners find_winners(const std::vector<RankedLayer>& layers) {
  Winners winners;
  for (const RankedLayer& ranked : layers) {
    for (const auto& [key, value] : ranked.layer.values) winners[key] = &ranked;
  }
  return winners;
}

void sort_by_rank(std::vector<RankedLayer>& layers) {
  std::stable_sort(layers.begin(), layers.end(),
                   [](const RankedLayer& one, const RankedLayer& other) { return one.rank < other.rank; });
}

std::string text_value(const Winners& winners, const std::string& key) {
  return std::get<std::string>(winners.at(key)->layer.values.at(key));
}

/// Where a person finds the value: the place in the file, or the source when there is none.
std::string describe_origin(const Winners& winners, const std::string& key) {
  const Layer& layer = winners.at(key)->layer;
  const auto location = layer.locations.find(key);
  return location == layer.locations.end() ? layer.origin : location->second.describe();
}

[[noreturn]] void refuse(const std::string& subject, const Winners& winners, const std::string& key,
                         std::string_view problem, std::string hint = "") {
  throw Error(ErrorKind::Invalid,
              fmt::format("{}: {}: {} (from {})", subject, key, problem, describe_origin(winners, key)),
              std::move(hint));
}

std::string source_of(const std::vector<RankedLayer>& layers) {
  // From strongest to weakest; the user's own settings count only when nothing else defines the changeling.
  struct Source {
    SourceRank rank;
    std::string_view word;
  };
  for (const auto& [rank, word] :
       {Source{SourceRank::CommandLine, "command-line"}, Source{SourceRank::StateRef, "state"},
        Source{SourceRank::RepositoryFile, "file"}, Source{SourceRank::UserOverrides, "user"},
        Source{SourceRank::UserDefaults, "user"}}) {
    for (const RankedLayer& ranked : layers) {
      if (ranked.rank == rank) return std::string(word);
    }
  }
  return "";
}

const Template& template_of(const std::string& subject, const Winners& winners,
                            const std::string& template_name,
                            std::span<const Template> repository_templates) {
  try {
    return find_template(template_name, repository_templates);
  } catch (const Error& error) {
    refuse(subject, winners, "template", error.what(), error.hint());
  }
}

/// `run` decides the agent unless somebody at least as strong names one; an agent that does not take a
/// command line drops a weaker `run`.
void settle_command(const std::string& subject, const Winners& winners, Resolved& resolved) {
  Definition& definition = resolved.definition;
  if (definition.command.empty()) return;
  const RankedLayer* const run = winners.at("run");
  const RankedLayer* const agent = winners.at("agent");
  // Layers are sorted by strength, so their addresses tell which is stronger.
  if (agent < run) {
    definition.agent = command_agent_type;
    resolved.origins["agent"] = run->layer.origin;
  } else if (definition.agent != command_agent_type && agent == run) {
    refuse(subject, winners, "run", fmt::format("agent \"{}\" takes no command line", definition.agent),
           "leave out agent, or set agent = \"command\"");
  } else if (definition.agent != command_agent_type) {
    definition.command.clear();
    resolved.origins["run"] = agent->layer.origin;
  }
}

bool wants_prompt(const AgentType& agent) {
  if (launcher_of(agent).program == AgentProgram::OfTheLauncher) return true;
  return std::any_of(agent.command.begin(), agent.command.end(), [](const std::string& word) {
    return word.find("{prompt}") != std::string::npos || word.find("{prompt_file}") != std::string::npos;
  });
}

void check_agent(const std::string& subject, const Winners& winners, const Definition& definition,
                 const std::map<std::string, AgentType>& repository_agents) {
  std::map<std::string, AgentType> agents = repository_agents;
  agents.insert(builtin_agent_types().begin(), builtin_agent_types().end());
  const auto found = agents.find(definition.agent);
  if (found == agents.end()) {
    std::vector<std::string> names;
    for (const auto& [known, type] : agents) names.push_back(known);
    const auto near = nearest(definition.agent, names);
    refuse(subject, winners, "agent",
           fmt::format("there is no agent type \"{}\"; there are {}", definition.agent, join(names, ", ")),
           near ? fmt::format("did you mean \"{}\"?", *near)
                : fmt::format("describe it in .changelings.toml as [agents.{}]", definition.agent));
  }
  const AgentType& agent = found->second;
  const bool has_program = launcher_of(agent).program == AgentProgram::OfTheLauncher;
  if (!has_program && agent.command.empty() && definition.command.empty()) {
    refuse(subject, winners, "agent", fmt::format("agent \"{}\" needs a command line", agent.name),
           "give it with --run CMD, or run = \"…\" in the file");
  }
  if (definition.command.empty() && wants_prompt(agent) && trim(definition.prompt).empty()) {
    refuse(subject, winners, "agent", fmt::format("agent \"{}\" needs a prompt", agent.name),
           "give it with --prompt TEXT or --prompt-file FILE, or choose a --template");
  }
}

}  // namespace

Resolved resolve(const std::string& name, std::vector<RankedLayer> layers,
                 std::span<const Template> repository_templates,
                 const std::map<std::string, AgentType>& repository_agents, std::string subject) {
  check_changeling_name(name);
  if (subject.empty()) subject = fmt::format("changeling \"{}\"", name);
  Resolved resolved;
  resolved.source = source_of(layers);
  resolved.definition.name = name;

  layers.insert(layers.begin(), {SourceRank::Default, default_layer()});
  sort_by_rank(layers);
  const std::string template_name = text_value(find_winners(layers), "template");
  if (!template_name.empty()) {
    const Winners winners = find_winners(layers);
    const Template& chosen = template_of(subject, winners, template_name, repository_templates);
    layers.push_back({SourceRank::Template, chosen.layer});
    sort_by_rank(layers);
  }

  const Winners winners = find_winners(layers);
  for (const FieldSpec& field : definition_fields()) {
    const std::string key(field.key);
    const Layer& layer = winners.at(key)->layer;
    field.apply(layer.values.at(key), resolved.definition);
    resolved.origins[key] = layer.origin;
  }
  settle_command(subject, winners, resolved);
  check_agent(subject, winners, resolved.definition, repository_agents);
  return resolved;
}

}  // namespace changeling
