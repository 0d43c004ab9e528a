#include "project/write_definition.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/hook_subscriptions.hpp"
#include "project/registered_repositories.hpp"
#include "project/trust.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

/// What a definition was before it is changed.
struct Before {
  bool exists = false;
  bool trusted = false;
  std::string template_name;
  std::string agent;
  Equipment equipment;
  Author author = Author::User;  ///< Of the change.
};

Before look_before(const DefinitionSet& set, const Approvals& approvals, const std::string& name,
                   const Layer* state_layer) {
  Before before;
  before.exists = state_layer != nullptr || set.in_file(name);
  if (!before.exists) return before;
  Definition definition;
  std::optional<ApprovalSubject> subject;
  try {
    definition = set.resolve_layers(name, state_layer).definition;
    subject = changeling_subject(set, definition);
  } catch (const Error&) {
    return before;  // One that cannot be resolved cannot have been approved as it is.
  }
  before.trusted = approvals.holds(*subject);
  before.template_name = definition.template_name;
  before.agent = definition.agent;
  before.equipment = definition.equipment;
  return before;
}

/// Parts of `.changelings.toml` and sub-agents and skills that join with this change: the user named them,
/// but did not write them here.
bool brings_unseen_parts(const DefinitionSet& set, const Approvals& approvals, const Before& before,
                         const Definition& definition) {
  const bool own_template =
      std::any_of(set.templates().begin(), set.templates().end(),
                  [&](const Template& known) { return known.name == definition.template_name; });
  return (own_template && definition.template_name != before.template_name) ||
         (set.file_agents().contains(definition.agent) && definition.agent != before.agent) ||
         brings_unseen(approvals, before.equipment, definition.equipment);
}

/// What the user writes anew is approved by writing it, and so is the change of what was approved.
bool is_approved_by_writing(const DefinitionSet& set, const Approvals& approvals, const Before& before,
                            const Definition& definition) {
  return before.author == Author::User && (!before.exists || before.trusted) &&
         !brings_unseen_parts(set, approvals, before, definition);
}

/// Whether the definition is trusted now.
bool approve_own_change(Project& project, const DefinitionSet& set, const Before& before,
                        const Definition& definition) {
  const ApprovalSubject subject = changeling_subject(set, definition);
  const Approvals approvals = open_approvals(project);
  if (!is_approved_by_writing(set, approvals, before, definition)) {
    if (approvals.holds(subject)) return true;
    if (before.author == Author::Other) return false;
    project.message(
        fmt::format("{0} is not trusted on this machine: {1}; look at it and approve it: "
                    "git changeling trust {0}",
                    definition.name,
                    before.exists && !before.trusted ? "you have changed what nobody has approved here"
                                                     : "it uses parts that you have not approved here"));
    return false;
  }
  approve(project, subject);
  return true;
}

/// What is typed must be there. What has been named before may be gone: a change of something else, such as
/// switching it off, is no matter of it.
void require_named_equipment(const Layer& before, const Layer& after, const Definition& definition) {
  const auto value = [](const Layer& layer, const std::string& key) {
    const auto found = layer.values.find(key);
    return found == layer.values.end() ? std::nullopt : std::optional(found->second);
  };
  const bool same =
      value(before, "agents") == value(after, "agents") && value(before, "skills") == value(after, "skills");
  if (!same) require_equipment(definition.equipment, definition.agent, ErrorKind::NotFound);
}

}  // namespace

Written write_definition(Project& project, const std::string& name, Expectation expectation,
                         const std::string& kind, const std::function<Layer(Layer)>& edit, Author author) {
  project.require_state();
  check_changeling_name(name);
  const DefinitionSet set = DefinitionSet::load(project);
  if (expectation == Expectation::Missing && set.contains(name)) {
    throw Error(ErrorKind::Conflict, fmt::format("there is a changeling '{}' already", name),
                fmt::format("change it with: git changeling update {} …, or choose another name", name));
  }
  if (expectation == Expectation::Present) static_cast<void>(set.resolve(name));
  const Approvals approvals = open_approvals(project);
  approvals.check_folders();
  std::optional<Resolved> resolved;
  Before before;
  project.store().update({fmt::format("{} {}", kind, name), "changeling." + kind, {{"Changeling", name}}},
                         [&](const store::Snapshot& snapshot, store::Change& change) {
                           auto now = store::read_definition(snapshot, name);
                           if (now && expectation == Expectation::Missing) {
                             throw Error(ErrorKind::Conflict, fmt::format("'{}' was added meanwhile", name));
                           }
                           before = look_before(set, approvals, name, now ? &*now : nullptr);
                           before.author = author;
                           Layer layer = edit(now.value_or(Layer{}));
                           layer.origin = project.store().reference();
                           resolved = set.resolve_layers(name, &layer);
                           require_named_equipment(now.value_or(Layer{}), layer, resolved->definition);
                           if (is_approved_by_writing(set, approvals, before, resolved->definition))
                             require_place_for_approvals(project);
                           store::write_definition(change, name, layer);
                         });
  const bool trusted = approve_own_change(project, set, before, resolved->definition);
  register_when_scheduled(project, resolved->definition);
  refresh_hook_subscriptions(project);
  return {std::move(*resolved), trusted};
}

void require_removable(const DefinitionSet& set, const std::string& name) {
  if (set.is_damaged(name)) return;
  static_cast<void>(set.resolve(name));
  if (set.state_layer(name) != nullptr) return;
  throw Error(ErrorKind::Refused, fmt::format("'{}' is defined in {}", name, definitions_file_name),
              fmt::format("remove it there, or: git changeling disable {}", name));
}

void remove_definition(Project& project, const std::string& name) {
  project.store().update(
      {"remove " + name, "changeling.remove", {{"Changeling", name}}},
      [&](const store::Snapshot&, store::Change& change) { change.remove(store::definition_path(name)); });
  open_approvals(project).revoke(ApprovalSubject::Kind::Changeling, name);
  refresh_hook_subscriptions(project);
}

}  // namespace changeling::project
