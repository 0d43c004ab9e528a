#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/declarations.hpp"
#include "cli/editor.hpp"
#include "cli/write_definition.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

Answer edit(Context& context, const std::string& name) {
  context.require_state();
  const DefinitionSet set = DefinitionSet::load(context);
  static_cast<void>(set.resolve(name));
  const Layer* before = set.state_layer(name);
  const std::string text = changeling::write_definition(before == nullptr ? Layer{} : *before);
  const EditedText edited(context, text, name + ".toml");
  if (edited.text() == text) {
    edited.discard();
    return {{{"changed", false}}, "Nothing changed\n", 0};
  }
  Layer layer;
  try {
    layer = parse_definition(edited.text(), edited.file().string(), "state");
    static_cast<void>(set.resolve_layers(name, &layer));
  } catch (const Error& error) {
    throw Error(error.kind(), error.what(),
                fmt::format("nothing was written; your text is in {}", edited.file().string()));
  }
  const Written written =
      write_definition(context, name, Expectation::Present, "edit", [&](const Layer&) { return layer; });
  edited.discard();
  return definition_answer(written, "Updated");
}

}  // namespace

CommandSpec edit_command() {
  return {
      "edit", "Edit a changeling's definition in your editor",
      "Opens the part of the definition that the state holds, as TOML. It is checked before it is written.",
      [](CLI::App& app) -> Action {
        auto name = std::make_shared<std::string>();
        app.add_option("name", *name, "Name of the changeling")->type_name("NAME")->required();
        return [name](Context& context) { return edit(context, *name); };
      }};
}

}  // namespace changeling::cli
