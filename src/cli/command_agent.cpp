#include <fmt/format.h>

#include "changeling/subagent.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/text_block.hpp"
#include "project/trust.hpp"
#include "project/write_helpers.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "view/damage.hpp"
#include "view/helper.hpp"

namespace changeling::cli {
namespace {

struct AddOptions {
  std::string name;
  std::vector<std::string> description;
  std::string instructions;
  std::string instructions_file;
  std::vector<std::string> agent;
  std::vector<std::string> working_directory;
  std::vector<std::string> permissions;
  std::vector<std::string> skills;
  bool update = false;
};

/// Without empty words, so that one of them takes all away.
void replace_list(const std::vector<std::string>& words, std::vector<std::string>& list) {
  if (words.empty()) return;
  list.clear();
  for (const std::string& word : words) {
    if (!word.empty()) list.push_back(valid_utf8(word));
  }
}

void replace_text(const std::vector<std::string>& words, std::string& text) {
  if (!words.empty()) text = valid_utf8(words.back());
}

/// What the options make of a sub-agent.
Subagent edited(const AddOptions& options, Subagent subagent) {
  if (!options.instructions.empty() && !options.instructions_file.empty())
    throw Error(ErrorKind::Usage, "--instructions and --instructions-file exclude each other");
  if (!options.instructions.empty()) subagent.instructions = valid_utf8(options.instructions);
  if (!options.instructions_file.empty())
    subagent.instructions =
        valid_utf8(read_file(options.instructions_file == "-" ? "/dev/stdin" : options.instructions_file));
  replace_text(options.description, subagent.description);
  replace_text(options.agent, subagent.agent);
  replace_text(options.working_directory, subagent.working_directory);
  replace_list(options.permissions, subagent.permissions);
  replace_list(options.skills, subagent.skills);
  return subagent;
}

Answer add(Context& context, const AddOptions& options) {
  context.require_state();
  const auto written = project::write_subagent(
      context, options.name, options.update ? project::Expectation::Either : project::Expectation::Missing,
      [&](Subagent subagent) { return edited(options, std::move(subagent)); });
  Json json = view::to_json(project::Helper<Subagent>{written.record, "state"});
  json["trusted"] = written.trusted;
  return {std::move(json), fmt::format("{} {}\n", written.is_new ? "Added" : "Updated", written.record.name),
          0};
}

Answer list(Context& context) {
  const project::Helpers helpers(context.snapshot());
  Answer answer{{{"agents", Json::array()}}, "", 0};
  std::vector<std::vector<TableCell>> rows{
      {{"AGENT", Style::Dim}, {"FROM", Style::Dim}, {"FOR", Style::Dim}, {"DESCRIPTION", Style::Dim}}};
  for (const auto& [name, helper] : helpers.subagents(&context.damage())) {
    answer.json["agents"].push_back(view::to_json(helper));
    rows.push_back({{name, Style::Bold},
                    {helper.source},
                    {helper.record.agent.empty() ? "any" : helper.record.agent},
                    {helper.record.description}});
  }
  answer.json["damaged"] = view::to_json(context.damage());
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  return answer;
}

std::string line(std::string_view key, const std::string& value) {
  return value.empty() ? "" : fmt::format("  {:<18} {}\n", key, without_controls(value));
}

Answer show(Context& context, const std::string& name) {
  const auto found = project::Helpers(context.snapshot()).subagent(name);
  const Subagent& subagent = found.record;
  const std::string origin = found.source == "state" ? context.store().reference() : found.source;
  return {view::to_json(found),
          fmt::format("{}  (from {})\n", name, origin) + line("description", subagent.description) +
              line("agent", subagent.agent) + line("working directory", subagent.working_directory) +
              line("permissions", join(subagent.permissions, ", ")) +
              line("skills", join(subagent.skills, ", ")) + "\n" + text_block(trim(subagent.instructions)),
          0};
}

Answer remove(Context& context, const std::vector<std::string>& names) {
  context.require_state();
  Answer answer{{{"removed", names}}, "", 0};
  for (const std::string& name : names) {
    project::remove_subagent(context, name);
    answer.text += fmt::format("Removed {}\n", name);
  }
  return answer;
}

}  // namespace

CommandSpec agent_add_command() {
  return {
      "agent add", "Add a sub-agent",
      "A sub-agent is one that the agent of a run can hand a part of its work to. Changelings and roles name "
      "it with --subagent; it is put where their agent looks for it, such as .claude/agents, and never "
      "becomes "
      "part of the change. Its whole content is part of what is approved.\n\n"
      "planning, execution, code-implementation, question-asking and consultation are built in; one of the "
      "same name replaces them, and with --update it begins from what is built in.\n\n"
      "Not to be confused with an agent type, which says how a program is driven.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<AddOptions>();
        syntax.value("name", options->name, "Name of the sub-agent: small letters, digits and \"-\"")
            .value_name("NAME")
            .required();
        syntax
            .single("--description", options->description, "When to use it, in one line: agents choose by it")
            .value_name("TEXT");
        syntax.value("--instructions", options->instructions, "What it is told").value_name("TEXT");
        syntax
            .value("--instructions-file", options->instructions_file,
                   "Read the instructions from a file, '-' for standard input")
            .value_name("FILE");
        syntax
            .single("--agent", options->agent,
                    "The only agent type that it is made for ('' for any, the default)")
            .value_name("AGENT");
        syntax
            .single("--working-directory", options->working_directory,
                    "Where in the repository it works ('' for the root, the default)")
            .value_name("PATH");
        syntax
            .repeatable("--permission", options->permissions,
                        "Tool that it may use, in the agent's notation (default: those of the run)")
            .value_name("P");
        syntax.repeatable("--skill", options->skills, "Skill that comes with it").value_name("NAME");
        syntax.flag("--update", options->update, "Change it if it is there already");
        return [options](Context& context) { return add(context, *options); };
      }};
}

CommandSpec agent_list_command() {
  return {"agent list", "List sub-agents", "Those of the state and those that are built in.",
          [](Syntax&) -> Action { return list; }};
}

CommandSpec agent_show_command() {
  return {"agent show", "Show a sub-agent", "", [](Syntax& syntax) -> Action {
            auto name = std::make_shared<std::string>();
            syntax.value("name", *name, "Name of the sub-agent").value_name("NAME").required();
            return [name](Context& context) { return show(context, *name); };
          }};
}

CommandSpec agent_remove_command() {
  return {"agent remove", "Remove sub-agents",
          "What names one of them does not run until it is there again, or is named no more; a built-in one "
          "of the name is there again at once.",
          [](Syntax& syntax) -> Action {
            auto names = std::make_shared<std::vector<std::string>>();
            syntax.words("names", *names, "Names of sub-agents").value_name("NAME").required();
            return [names](Context& context) { return remove(context, *names); };
          }};
}

}  // namespace changeling::cli
