#include <fmt/format.h>

#include "changeling/layer_merge.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/definition_answer.hpp"
#include "cli/editor.hpp"
#include "cli/syntax.hpp"
#include "project/write_definition.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

/// What somebody else wrote since the text was begun stays, unless both changed the same: then their values
/// are shown above the kept text, and what it says the next time counts.
Layer with_changes_of_others(EditedText& edited, const std::string& name, const Layer& ours,
                             const Layer& theirs) {
  Layer base = parse_definition(edited.base(), edited.file().string(), "state");
  const LayerMerge result = merge_layers(base, ours, theirs);
  if (result.conflicts.empty()) return result.merged;
  std::string values;
  for (const std::string& key : result.conflicts) {
    const auto value = theirs.values.find(key);
    base.values.erase(key);
    Layer changed;
    if (value != theirs.values.end()) changed.values.insert(*value);
    base.values.insert(changed.values.begin(), changed.values.end());
    values += "\n" + (changed.values.empty() ? fmt::format("{} was removed", key)
                                             : std::string(trim(changeling::write_definition(changed))));
  }
  edited.rebase(changeling::write_definition(base));
  throw Error(ErrorKind::Conflict, fmt::format("{} was changed meanwhile:{}", name, values),
              "what your text says the next time replaces it");
}

Answer edit(Context& context, const std::string& name) {
  context.require_state();
  const project::DefinitionSet set = project::DefinitionSet::load(context);
  static_cast<void>(set.resolve(name));
  const Layer* before = set.state_layer(name);
  const std::string text = changeling::write_definition(before == nullptr ? Layer{} : *before);
  EditedText edited(context, text, name + ".toml");
  if (edited.given_up()) return {{{"changed", false}}, "Nothing changed\n", 0};
  Layer layer;
  std::optional<project::Written> written;
  edited.use(
      [&](const std::string& changed) {
        layer = parse_definition(changed, edited.file().string(), "state");
        static_cast<void>(set.resolve_layers(name, &layer));
      },
      [&] {
        written = project::write_definition(
            context, name, project::Expectation::Present, "edit",
            [&](const Layer& now) { return with_changes_of_others(edited, name, layer, now); });
      });
  return definition_answer(*written, "Updated");
}

}  // namespace

CommandSpec edit_command() {
  return {
      "edit", "Edit a changeling's definition in your editor",
      "Opens the part of the definition that the state holds, as TOML. It is checked before it is written; "
      "a text with a mistake is kept, and the next edit opens it again, with the error above it. What "
      "somebody "
      "else changed meanwhile stays; where both changed the same, the text is kept, too, with their values "
      "above it.",
      [](Syntax& syntax) -> Action {
        auto name = std::make_shared<std::string>();
        syntax.value("name", *name, "Name of the changeling").value_name("NAME").required();
        return [name](Context& context) { return edit(context, *name); };
      }};
}

}  // namespace changeling::cli
