#include <CLI/CLI.hpp>

#include "cli/declarations.hpp"
#include "cli/editor.hpp"
#include "cli/write_definition.hpp"

namespace changeling::cli {
namespace {

Answer edit(Context& context, const std::string& name) {
  context.require_state();
  const DefinitionSet set = DefinitionSet::load(context);
  static_cast<void>(set.resolve(name));
  const Layer* before = set.state_layer(name);
  const std::string text = changeling::write_definition(before == nullptr ? Layer{} : *before);
  EditedText edited(context, text, name + ".toml");
  if (edited.given_up()) return {{{"changed", false}}, "Nothing changed\n", 0};
  Layer layer;
  std::optional<Written> written;
  edited.use(
      [&](const std::string& changed) {
        layer = parse_definition(changed, edited.file().string(), "state");
        static_cast<void>(set.resolve_layers(name, &layer));
      },
      [&] {
        written = write_definition(context, name, Expectation::Present, "edit",
                                   [&](const Layer&) { return layer; });
      });
  return definition_answer(*written, "Updated");
}

}  // namespace

CommandSpec edit_command() {
  return {
      "edit", "Edit a changeling's definition in your editor",
      "Opens the part of the definition that the state holds, as TOML. It is checked before it is written; "
      "a text with a mistake is kept, and the next edit opens it again, with the error above it.",
      [](CLI::App& app) -> Action {
        auto name = std::make_shared<std::string>();
        app.add_option("name", *name, "Name of the changeling")->type_name("NAME")->required();
        return [name](Context& context) { return edit(context, *name); };
      }};
}

}  // namespace changeling::cli
