#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/definition_answer.hpp"
#include "cli/definition_options.hpp"
#include "cli/syntax.hpp"
#include "project/hook_subscriptions.hpp"
#include "project/write_definition.hpp"
#include "support/error.hpp"
#include "triggers/timer_notice.hpp"

namespace changeling::cli {
namespace {

struct AddOptions {
  std::string name;
  bool update = false;
  DefinitionOptions definition;
};

/// A name that is also a template's needs no --template.
void choose_template(Layer& layer, const std::string& name, const std::vector<Template>& own_templates) {
  for (const char* key : {"template", "prompt", "run"}) {
    if (layer.values.contains(key)) return;
  }
  try {
    layer.values["template"] = find_template(name, own_templates).name;
  } catch (const Error&) {
    throw Error(ErrorKind::Usage, fmt::format("what shall '{}' do?", name),
                "give --template T (see: git changeling templates list), --prompt TEXT, or --run CMD");
  }
}

Layer merged(Layer base, const Layer& changes) {
  for (const auto& [key, value] : changes.values) base.values[key] = value;
  return base;
}

Answer add(Context& context, const AddOptions& options, project::Expectation expectation,
           const std::string& kind) {
  const project::DefinitionSet set = project::DefinitionSet::load(context);
  const bool is_new = !set.contains(options.name);
  Layer given = options.definition.layer();
  if (is_new && expectation != project::Expectation::Present) {
    check_given_name(options.name);
    choose_template(given, options.name, set.templates());
  }
  if (expectation == project::Expectation::Present && given.values.empty()) {
    throw Error(ErrorKind::Usage, "nothing to update", fmt::format("see: git changeling {} --help", kind));
  }
  const project::Written written = project::write_definition(
      context, options.name, expectation, kind, [&](Layer layer) { return merged(std::move(layer), given); });
  Answer answer = definition_answer(written, is_new ? "Added" : "Updated");
  if (is_new)
    answer.next = fmt::format("next: git changeling {} {}", written.trusted ? "run" : "trust", options.name);
  const Definition& definition = written.resolved.definition;
  if (given.values.contains("schedule") && !definition.schedule.empty()) {
    if (const std::string timer = triggers::timer_problem(context); !timer.empty())
      answer.next += (answer.next.empty() ? "" : "\n") + timer;
  }
  const std::string for_hooks =
      project::next_for_hooks(project::hooks_to_install(context, written.resolved.definition));
  if (!for_hooks.empty()) answer.next += (answer.next.empty() ? "" : "\n") + for_hooks;
  return answer;
}

}  // namespace

CommandSpec add_command() {
  return {"add", "Add a changeling",
          "Writes a definition to the state of this repository. What is not given comes from the template, "
          "and from "
          "the defaults after that; see git changeling show NAME --origin.\n\n"
          "With --run the agent is a command line of yours: whatever it changes becomes the commit.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<AddOptions>();
            syntax.value("name", options->name, "Name of the changeling").value_name("NAME").required();
            syntax.flag("--update", options->update, "Change it if it is there already");
            options->definition.declare(syntax);
            return [options](Context& context) {
              return add(context, *options,
                         options->update ? project::Expectation::Either : project::Expectation::Missing,
                         "add");
            };
          }};
}

CommandSpec update_command() {
  return {"update", "Change a changeling",
          "Replaces the given fields and leaves the others. A list that is given replaces the whole list; an "
          "empty "
          "word clears it. For a changeling of .changelings.toml the values given here are kept in the state "
          "and win.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<AddOptions>();
            syntax.value("name", options->name, "Name of the changeling").value_name("NAME").required();
            options->definition.declare(syntax);
            return [options](Context& context) {
              return add(context, *options, project::Expectation::Present, "update");
            };
          }};
}

}  // namespace changeling::cli
