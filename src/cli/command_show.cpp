#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/definitions.hpp"
#include "project/spread.hpp"
#include "project/trust.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "triggers/due_changelings.hpp"
#include "view/definition.hpp"

namespace changeling::cli {
namespace {

struct ShowOptions {
  std::string name;
  bool origin = false;
};

/// What the H in a schedule came to here, and so on every machine that shares the repository.
std::string spread_note(Context& context, const Definition& definition) {
  if (definition.schedule.empty() || !schedule::CronExpression::parse(definition.schedule).is_open())
    return "";
  return fmt::format("  (here {})", project::schedule_of(context, definition).text());
}

/// What keeps its schedule from starting it in time.
std::string held_back(Context& context, const Definition& definition) {
  if (definition.schedule.empty() || !context.store().exists()) return "";
  try {
    for (const triggers::DueChangeling& due : triggers::judge_schedules(context, context.clock().now())) {
      if (due.definition.name == definition.name) return triggers::why_held_back(due);
    }
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

Answer show(Context& context, const ShowOptions& options) {
  const project::DefinitionSet set =
      project::DefinitionSet::load(context, project::FileReading::WorkTree, project::FileMistake::Said);
  const Resolved resolved = set.resolve(options.name);
  std::string warning;
  const project::Standing standing = project::standing_for_list(
      project::open_approvals(context), project::changeling_subject(set, resolved.definition), warning);
  if (!warning.empty()) context.message(warning);
  Answer answer;
  answer.json = view::to_json(resolved.definition);
  answer.json["source"] = resolved.source;
  const bool scheduled = !resolved.definition.schedule.empty();
  answer.json["schedule_spread"] =
      scheduled ? Json(project::schedule_of(context, resolved.definition).text()) : Json(nullptr);
  answer.json["trusted"] = standing.trusted();
  const std::string reason = held_back(context, resolved.definition);
  answer.json["held_back"] = reason.empty() ? Json(nullptr) : Json(reason);
  if (options.origin) answer.json["origins"] = resolved.origins;
  const Terminal& terminal = context.terminal();
  answer.text = styled(options.name, Style::Bold, terminal.color) + "\n";
  std::string prompt;
  for (const FieldSpec& field : definition_fields()) {
    const std::string key(field.key);
    std::string text = view::field_text(answer.json[key]);
    if (text.empty() && !options.origin) continue;
    if (key == "schedule") text += spread_note(context, resolved.definition);
    const std::string origin =
        options.origin ? styled(fmt::format("  ({})", resolved.origins.at(key)), Style::Dim, terminal.color)
                       : "";
    if (text.find('\n') != std::string::npos) {
      prompt += fmt::format("  {}{}\n", styled(key, Style::Dim, terminal.color), origin);
      for (const std::string& line : split_lines(text)) prompt += "    " + line + "\n";
      continue;
    }
    answer.text += fmt::format("  {} {}{}\n", styled(fmt::format("{:<17}", key), Style::Dim, terminal.color),
                               text, origin);
  }
  answer.text += prompt;
  if (!reason.empty()) answer.text += "\n" + triggers::held_back_lines({{reason, {options.name}}}, "");
  if (!standing.trusted()) {
    answer.text += fmt::format("\n{}: git changeling trust {}\n",
                               styled("not trusted", Style::Red, terminal.color), options.name);
  }
  return answer;
}

}  // namespace

CommandSpec show_command() {
  return {
      "show", "Show a changeling with all its values",
      "Values come from the defaults, the template, your own defaults, .changelings.toml, the state and your "
      "own overrides, the later ones winning. "
      "--origin tells for each where it came from.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ShowOptions>();
        syntax.value("name", options->name, "Name of the changeling").value_name("NAME").required();
        syntax.flag("--origin", options->origin, "Show where each value came from");
        return [options](Context& context) { return show(context, *options); };
      }};
}

}  // namespace changeling::cli
