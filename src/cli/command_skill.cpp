#include <fmt/format.h>

#include "changeling/skill.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/text_block.hpp"
#include "project/skill_folder.hpp"
#include "project/write_helpers.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "view/damage.hpp"
#include "view/helper.hpp"

namespace changeling::cli {
namespace {

struct AddOptions {
  std::string name_or_path;
  std::string description;
  std::string instructions;
  std::string instructions_file;
  bool update = false;

  bool is_by_hand() const {
    return !description.empty() || !instructions.empty() || !instructions_file.empty();
  }
};

Skill made_by_hand(const AddOptions& options) {
  if (!options.instructions.empty() && !options.instructions_file.empty())
    throw Error(ErrorKind::Usage, "--instructions and --instructions-file exclude each other");
  if (options.description.empty())
    throw Error(ErrorKind::Usage, "when is the skill to be used?", "say it in one line: --description TEXT");
  std::string instructions = options.instructions;
  if (!options.instructions_file.empty())
    instructions = read_file(options.instructions_file == "-" ? "/dev/stdin" : options.instructions_file);
  return make_skill(valid_utf8(options.name_or_path), valid_utf8(options.description),
                    valid_utf8(instructions));
}

Skill given_skill(Context& context, const AddOptions& options) {
  if (options.is_by_hand()) return made_by_hand(options);
  project::FoundSkill found = project::read_skill_at(options.name_or_path);
  if (!found.left_out.empty())
    context.message(fmt::format("left out, since a skill has no hidden files: {}",
                                without_controls(join(found.left_out, ", "))));
  return std::move(found.skill);
}

Answer add(Context& context, const AddOptions& options) {
  context.require_state();
  const auto written =
      project::write_skill(context, given_skill(context, options),
                           options.update ? project::Expectation::Either : project::Expectation::Missing);
  Json json = view::to_json(project::Helper<Skill>{written.record, "state"});
  json["trusted"] = written.trusted;
  return {std::move(json), fmt::format("{} {}\n", written.is_new ? "Added" : "Updated", written.record.name),
          0};
}

Answer list(Context& context) {
  const project::Helpers helpers(context.snapshot());
  Answer answer{{{"skills", Json::array()}}, "", 0};
  std::vector<std::vector<TableCell>> rows{
      {{"SKILL", Style::Dim}, {"FROM", Style::Dim}, {"FILES", Style::Dim}, {"DESCRIPTION", Style::Dim}}};
  for (const auto& [name, helper] : helpers.skills(&context.damage())) {
    answer.json["skills"].push_back(view::to_json(helper));
    rows.push_back({{name, Style::Bold},
                    {helper.source},
                    {std::to_string(helper.record.files.size())},
                    {skill_description(helper.record)}});
  }
  answer.json["damaged"] = view::to_json(context.damage());
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  return answer;
}

Answer show(Context& context, const std::string& name) {
  const auto found = project::Helpers(context.snapshot()).skill(name);
  const std::string origin = found.source == "state" ? context.store().reference() : found.source;
  std::string text = fmt::format("{}  (from {})\n", name, origin);
  for (const auto& [path, content] : found.record.files)
    text += fmt::format("\n{}\n{}", path, text_block(trim(content)));
  return {view::with_texts(found), std::move(text), 0};
}

Answer export_it(Context& context, const std::string& name, const std::string& folder) {
  const auto found = project::Helpers(context.snapshot()).skill(name);
  project::export_skill(found.record, folder);
  const std::string place = (std::filesystem::path(folder) / name).string();
  return {{{"exported", place}}, fmt::format("Wrote {}\n", place), 0};
}

Answer remove(Context& context, const std::vector<std::string>& names) {
  context.require_state();
  Answer answer{{{"removed", names}}, "", 0};
  for (const std::string& name : names) {
    project::remove_skill(context, name);
    answer.text += fmt::format("Removed {}\n", name);
  }
  return answer;
}

}  // namespace

CommandSpec skill_add_command() {
  return {
      "skill add", "Add a skill",
      "A skill is a folder with SKILL.md in the Agent Skills format, and with what that refers to: text that "
      "an "
      "agent reads when it fits its work. Changelings, roles and sub-agents name it with --skill, chats with "
      "the setting changeling.chatSkills; it is put where their agent looks for it, such as .claude/skills, "
      "and "
      "never becomes part of the change. Its whole content is part of what is approved.\n\n"
      "With --description and --instructions, SKILL.md is written for you, and the argument is the skill's "
      "name; otherwise it is the folder, which is named like the skill, or a SKILL.md alone.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<AddOptions>();
        syntax
            .value("path", options->name_or_path, "Folder or file of the skill; its name with --description")
            .value_name("PATH")
            .required();
        syntax
            .value("--description", options->description, "When to use it, in one line: agents choose by it")
            .value_name("TEXT");
        syntax.value("--instructions", options->instructions, "What it says").value_name("TEXT");
        syntax
            .value("--instructions-file", options->instructions_file,
                   "Read what it says from a file, '-' for standard input")
            .value_name("FILE");
        syntax.flag("--update", options->update, "Replace it if it is there already");
        return [options](Context& context) { return add(context, *options); };
      }};
}

CommandSpec skill_list_command() {
  return {"skill list", "List skills", "Those of the state and those that are built in.",
          [](Syntax&) -> Action { return list; }};
}

CommandSpec skill_show_command() {
  return {"skill show", "Show a skill with its files", "", [](Syntax& syntax) -> Action {
            auto name = std::make_shared<std::string>();
            syntax.value("name", *name, "Name of the skill").value_name("NAME").required();
            return [name](Context& context) { return show(context, *name); };
          }};
}

CommandSpec skill_export_command() {
  return {"skill export", "Write a skill as a folder", "", [](Syntax& syntax) -> Action {
            auto name = std::make_shared<std::string>();
            auto folder = std::make_shared<std::string>(".");
            syntax.value("name", *name, "Name of the skill").value_name("NAME").required();
            syntax.value("folder", *folder, "Where its folder is made (default: here)").value_name("FOLDER");
            return [name, folder](Context& context) { return export_it(context, *name, *folder); };
          }};
}

CommandSpec skill_remove_command() {
  return {"skill remove", "Remove skills",
          "What names one of them does not run until it is there again, or is named no more; a built-in one "
          "of the name is there again at once.",
          [](Syntax& syntax) -> Action {
            auto names = std::make_shared<std::vector<std::string>>();
            syntax.words("names", *names, "Names of skills").value_name("NAME").required();
            return [names](Context& context) { return remove(context, *names); };
          }};
}

}  // namespace changeling::cli
