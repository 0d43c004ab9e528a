#include "cli/write_definition.hpp"

#include <fmt/format.h>

#include "store/records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {

Resolved write_definition(Context& context, const std::string& name, Expectation expectation,
                          const std::string& kind, const std::function<Layer(Layer)>& edit) {
  context.require_state();
  check_changeling_name(name);
  const DefinitionSet set = DefinitionSet::load(context);
  if (expectation == Expectation::Missing && set.contains(name)) {
    throw Error(ErrorKind::Conflict, fmt::format("there is a changeling '{}' already", name),
                fmt::format("change it with: git changeling update {} …, or choose another name", name));
  }
  if (expectation == Expectation::Present) static_cast<void>(set.resolve(name));
  std::optional<Resolved> resolved;
  context.store().update({fmt::format("{} {}", kind, name), "changeling." + kind, {{"Changeling", name}}},
                         [&](const store::Snapshot& snapshot, store::Change& change) {
                           auto now = store::read_definition(snapshot, name);
                           if (now && expectation == Expectation::Missing) {
                             throw Error(ErrorKind::Conflict, fmt::format("'{}' was added meanwhile", name));
                           }
                           Layer layer = edit(now.value_or(Layer{}));
                           layer.origin = context.store().reference();
                           resolved = set.resolve_layers(name, &layer);
                           store::write_definition(change, name, layer);
                         });
  return *resolved;
}

Answer definition_answer(const Resolved& resolved, const std::string& what) {
  return {definition_to_json(resolved.definition), fmt::format("{} {}\n", what, resolved.definition.name), 0};
}

}  // namespace changeling::cli
