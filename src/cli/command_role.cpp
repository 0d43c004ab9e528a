#include <fmt/format.h>

#include "changeling/toml_file.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/definition_options.hpp"
#include "cli/syntax.hpp"
#include "cli/text_block.hpp"
#include "project/roles.hpp"
#include "project/write_role.hpp"
#include "queue/task.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "view/damage.hpp"
#include "view/role.hpp"

namespace changeling::cli {
namespace {

struct AddOptions {
  std::string name;
  std::string agent;
  std::string prompt;
  std::string prompt_file;
  std::string command;
  std::vector<std::string> accept;
  std::vector<std::string> agents;
  std::vector<std::string> skills;
  bool interactive = false;
  bool not_interactive = false;
  bool update = false;
};

std::string checked_criterion(const std::string& text) {
  try {
    return to_string(queue::parse_criterion(valid_utf8(text)));
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, fmt::format("--accept: {}", error.what()), error.hint());
  }
}

/// An empty word takes all away.
void replace_names(const std::vector<std::string>& words, std::vector<std::string>& names) {
  if (words.empty()) return;
  names.clear();
  for (const std::string& word : words) {
    if (!word.empty()) names.push_back(valid_utf8(word));
  }
}

/// What the options make of a role.
RoleDefinition role_of(const AddOptions& options, RoleDefinition role) {
  if (!options.command.empty()) role.command = valid_utf8(options.command);
  if (!options.agent.empty()) role.agent = valid_utf8(options.agent);
  project::choose_agent(role, !options.command.empty(), !options.agent.empty());
  if (!options.prompt.empty()) role.prompt = options.prompt;
  if (!options.prompt_file.empty()) {
    if (!options.prompt.empty())
      throw Error(ErrorKind::Usage, "--prompt and --prompt-file exclude each other");
    role.prompt = read_file(options.prompt_file == "-" ? "/dev/stdin" : options.prompt_file);
  }
  role.prompt = valid_utf8(role.prompt);
  if (!options.accept.empty()) {
    role.accept.clear();
    for (const std::string& text : options.accept) {
      if (!text.empty()) role.accept.push_back(checked_criterion(text));
    }
  }
  replace_names(options.agents, role.agents);
  replace_names(options.skills, role.skills);
  if (options.interactive) role.interactive = true;
  if (options.not_interactive) role.interactive = false;
  return role;
}

Answer add(Context& context, const AddOptions& options) {
  context.require_state();
  check_given_name(options.name);
  const project::WrittenRole written = project::write_role(
      context, options.name, options.update ? project::Expectation::Either : project::Expectation::Missing,
      [&](RoleDefinition role) { return role_of(options, std::move(role)); });
  return {view::to_json(project::ResolvedRole{written.role, "state"}),
          fmt::format("{} {}\n", written.is_new ? "Added" : "Updated", written.role.name), 0};
}

Answer list(Context& context) {
  const project::RoleSet set = project::RoleSet::load(context, project::FileMistake::Said);
  Answer answer;
  answer.json = {{"roles", Json::array()}, {"damaged", view::to_json(context.damage())}};
  std::vector<std::vector<TableCell>> rows{
      {{"ROLE", Style::Dim}, {"AGENT", Style::Dim}, {"LABEL", Style::Dim}, {"PROMPT", Style::Dim}}};
  for (const auto& [name, resolved] : set.all()) {
    answer.json["roles"].push_back(view::to_json(resolved));
    const std::string prompt(
        trim(resolved.role.prompt.empty() ? resolved.role.command : resolved.role.prompt));
    rows.push_back({{name, Style::Bold},
                    {resolved.role.agent + (resolved.role.interactive ? ", interactive" : "")},
                    {project::role_label(name)},
                    {prompt.substr(0, prompt.find('\n'))}});
  }
  if (set.all().empty()) {
    context.message("no roles yet; add one: git changeling role add reviewer --prompt TEXT");
    return answer;
  }
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  return answer;
}

std::string name_line(std::string_view key, const std::vector<std::string>& names) {
  return names.empty() ? "" : fmt::format("  {:<12} {}\n", key, without_controls(join(names, ", ")));
}

std::string accept_lines(const RoleDefinition& role) {
  std::string lines;
  for (const std::string& criterion : role.accept)
    lines += fmt::format("  accept       {}\n", without_controls(criterion));
  return lines;
}

Answer show(Context& context, const std::string& name) {
  const project::RoleSet set = project::RoleSet::load(context, project::FileMistake::Said);
  const project::ResolvedRole& found = set.find(name);
  const std::string origin =
      found.source == "state" ? context.store().reference() : std::string(project::definitions_file_name);
  const std::string command = found.role.command.empty()
                                  ? ""
                                  : fmt::format("  run          {}\n", without_controls(found.role.command));
  return {view::to_json(found),
          fmt::format("{}  (from {}, label {})\n  agent        {}\n{}  interactive  {}\n{}\n{}", name, origin,
                      project::role_label(name), without_controls(found.role.agent), command,
                      found.role.interactive ? "yes" : "no",
                      accept_lines(found.role) + name_line("sub-agents", found.role.agents) +
                          name_line("skills", found.role.skills),
                      text_block(trim(found.role.prompt))),
          0};
}

Answer remove(Context& context, const std::vector<std::string>& names) {
  context.require_state();
  const project::RoleSet set = project::RoleSet::load(context);
  for (const std::string& name : names) project::require_removable(set, name);
  Answer answer{{{"removed", names}}, "", 0};
  for (const std::string& name : names) {
    project::remove_role(context, name);
    answer.text += fmt::format("Removed {}\n", name);
    if (set.in_file(name))
      context.message(fmt::format("'{}' is what {} says now", name, project::definitions_file_name));
  }
  return answer;
}

}  // namespace

CommandSpec role_add_command() {
  return {
      "role add", "Add a role for workers",
      "A role says how workers handle the tasks that are meant for it: with which agent, told what "
      "besides the task, and whether the agent gets the terminal. With --run the agent is a command line of "
      "yours. Other task systems know the role by "
      "the label role-NAME.\n\n"
      "Roles may also stand in .changelings.toml as [roles.NAME]; one of the state wins.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<AddOptions>();
        syntax.value("name", options->name, "Name of the role").value_name("NAME").required();
        syntax.value("--agent", options->agent, "How the agent runs (default: claude)").value_name("AGENT");
        syntax.value("--prompt", options->prompt, "What agents of this role are told before the task")
            .value_name("TEXT");
        syntax
            .value("--prompt-file", options->prompt_file,
                   "Read the prompt from a file, '-' for standard input")
            .value_name("FILE");
        syntax
            .value("--run", options->command,
                   "The agent is this command line; it finds the task in $CHANGELING_PROMPT_FILE")
            .value_name("CMD");
        syntax
            .repeatable("--accept", options->accept,
                        "A criterion of acceptance for every task of the role, as task add takes it")
            .value_name("TEXT");
        syntax
            .repeatable("--subagent", options->agents,
                        "Sub-agent that the role's agents can hand parts of their work to")
            .value_name("NAME");
        syntax.repeatable("--skill", options->skills, "Skill that the role's agents get").value_name("NAME");
        Option interactive =
            syntax.flag("--interactive", options->interactive, "The agent talks with you at the terminal");
        syntax.flag("--no-interactive", options->not_interactive, "The agent works alone")
            .excludes(interactive);
        syntax.flag("--update", options->update, "Change it if it is there already");
        return [options](Context& context) { return add(context, *options); };
      }};
}

CommandSpec role_list_command() {
  return {"role list", "List roles", "Those of the state and of .changelings.toml.",
          [](Syntax&) -> Action { return list; }};
}

CommandSpec role_show_command() {
  return {"role show", "Show a role", "", [](Syntax& syntax) -> Action {
            auto name = std::make_shared<std::string>();
            syntax.value("name", *name, "Name of the role").value_name("NAME").required();
            return [name](Context& context) { return show(context, *name); };
          }};
}

CommandSpec role_remove_command() {
  return {"role remove", "Remove roles", "Tasks keep the role's name.", [](Syntax& syntax) -> Action {
            auto names = std::make_shared<std::vector<std::string>>();
            syntax.words("names", *names, "Names of roles").value_name("NAME").required();
            return [names](Context& context) { return remove(context, *names); };
          }};
}

}  // namespace changeling::cli
