#include "changeling/record_fields.hpp"

#include <algorithm>
#include <array>

#include "changeling/field_checks.hpp"
#include "support/error.hpp"
#include "support/word_list.hpp"

namespace changeling {
namespace {

/// A row for a member that is text, a switch, a list or a map.
template <auto Member, typename Record>
RecordField<Record> plain(std::string_view key, FieldKind kind, Approved approved,
                          void (*check)(const FieldValue&) = nullptr) {
  using Value = std::remove_cvref_t<decltype(std::declval<Record>().*Member)>;
  return {key,
          kind,
          approved,
          [](const Record& record) { return FieldValue(record.*Member); },
          [](const FieldValue& value, Record& record) { record.*Member = std::get<Value>(value); },
          {},
          check};
}

template <typename Enum>
Enum chosen(const FieldValue& value, std::initializer_list<Enum> all) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](Enum one) { return to_string(one) == std::get<std::string>(value); });
  return found == all.end() ? *all.begin() : *found;
}

std::vector<std::string_view> launcher_words() {
  std::vector<std::string_view> words;
  for (const LauncherRow& row : launcher_kinds()) words.push_back(row.word);
  return words;
}

void is_command(const FieldValue& value) {
  const auto& words = std::get<std::vector<std::string>>(value);
  if (words.empty() || words.front().empty())
    throw Error(ErrorKind::Invalid, "is empty; the first element is the program");
}

}  // namespace

std::span<const RecordField<RoleDefinition>> role_fields() {
  using Role = RoleDefinition;
  static const std::array fields{
      plain<&Role::agent, Role>("agent", FieldKind::Text, Approved::Always),
      plain<&Role::prompt, Role>("prompt", FieldKind::Text, Approved::Always),
      plain<&Role::command, Role>("run", FieldKind::Text, Approved::Always),
      plain<&Role::interactive, Role>("interactive", FieldKind::Boolean, Approved::Always),
      plain<&Role::accept, Role>("accept", FieldKind::TextList, Approved::UnlessDefault),
      plain<&Role::agents, Role>("agents", FieldKind::TextList, Approved::UnlessDefault,
                                 field_checks::helper_names),
      plain<&Role::skills, Role>("skills", FieldKind::TextList, Approved::UnlessDefault,
                                 field_checks::helper_names),
  };
  return fields;
}

std::span<const RecordField<Subagent>> subagent_fields() {
  using Agent = Subagent;
  static const std::array fields{
      plain<&Agent::description, Agent>("description", FieldKind::Text, Approved::Always,
                                        field_checks::single_line),
      plain<&Agent::instructions, Agent>("instructions", FieldKind::Text, Approved::Always),
      plain<&Agent::agent, Agent>("agent", FieldKind::Text, Approved::Always, field_checks::name),
      plain<&Agent::working_directory, Agent>("working_directory", FieldKind::Text, Approved::Always,
                                              field_checks::inner_path),
      plain<&Agent::permissions, Agent>("permissions", FieldKind::TextList, Approved::Always),
      plain<&Agent::skills, Agent>("skills", FieldKind::TextList, Approved::Always,
                                   field_checks::helper_names),
  };
  return fields;
}

std::span<const RecordField<AgentType>> agent_fields() {
  using Agent = AgentType;
  static const std::array fields{
      RecordField<Agent>{
          "launcher", FieldKind::Choice, Approved::Always,
          [](const Agent& agent) { return FieldValue(std::string(to_string(agent.launcher))); },
          [](const FieldValue& value, Agent& agent) {
            agent.launcher = find_word(launcher_kinds(), std::get<std::string>(value))->kind;
          },
          launcher_words()},
      plain<&Agent::command, Agent>("command", FieldKind::TextList, Approved::Always, is_command),
      plain<&Agent::environment, Agent>("env", FieldKind::TextMap, Approved::Always,
                                        field_checks::environment),
      plain<&Agent::pass_environment, Agent>("pass_env", FieldKind::TextList, Approved::Always,
                                             field_checks::secrets),
      RecordField<Agent>{"input",
                         FieldKind::Choice,
                         Approved::UnlessDefault,
                         [](const Agent& agent) { return FieldValue(std::string(to_string(agent.input))); },
                         [](const FieldValue& value, Agent& agent) {
                           agent.input = chosen(value, {AgentInput::Prompt, AgentInput::Lines});
                         },
                         {"prompt", "lines"}},
      plain<&Agent::network, Agent>("network", FieldKind::TextList, Approved::UnlessDefault,
                                    field_checks::hosts),
      plain<&Agent::sandbox_read, Agent>("sandbox_read", FieldKind::TextList, Approved::UnlessDefault,
                                         field_checks::outside_paths),
      plain<&Agent::sandbox_write, Agent>("sandbox_write", FieldKind::TextList, Approved::UnlessDefault,
                                          field_checks::outside_paths),
      plain<&Agent::description, Agent>("description", FieldKind::Text, Approved::Never),
  };
  return fields;
}

}  // namespace changeling
