#include <fmt/format.h>

#include "changeling/toml_file.hpp"
#include "project/definitions.hpp"
#include "project/spread.hpp"
#include "project/trust.hpp"
#include "project/write_definition.hpp"
#include "server/api/handlers.hpp"
#include "store/records.hpp"
#include "triggers/due_changelings.hpp"
#include "triggers/overview.hpp"
#include "triggers/timer_notice.hpp"
#include "view/damage.hpp"
#include "view/definition.hpp"
#include "view/overview.hpp"

namespace changeling::server::api {
namespace {

FieldValue value_of(const FieldSpec& field, const Json& json) {
  switch (field.kind) {
    case changeling::FieldKind::Boolean:
      return json.get<bool>();
    case changeling::FieldKind::Integer:
      return json.get<std::int64_t>();
    case changeling::FieldKind::Money:
      return json.get<double>();
    case changeling::FieldKind::TextList:
      return json.get<std::vector<std::string>>();
    case changeling::FieldKind::TextMap:
      return json.get<std::map<std::string, std::string>>();
    default:
      return json.get<std::string>();
  }
}

/// The fields of the body, checked as those of the command line are.
std::map<std::string, FieldValue> values_of(const Call& call) {
  std::map<std::string, FieldValue> values;
  for (const FieldSpec& field : definition_fields()) {
    const auto given = call.body.find(std::string(field.key));
    if (given == call.body.end()) continue;
    FieldValue value = value_of(field, *given);
    check_field(field, value);
    values[std::string(field.key)] = std::move(value);
  }
  return values;
}

std::vector<std::string> fields_to_reset(const Call& call) {
  std::vector<std::string> names = call.given_list("reset");
  for (const std::string& name : names) {
    if (find_field(name) == nullptr)
      throw Error(ErrorKind::Invalid, fmt::format("reset: there is no field {}", name),
                  "see the fields of a changeling in openapi.json");
  }
  return names;
}

/// What keeps its schedule from starting it in time; or empty.
std::string held_back(project::Project& project, const Definition& definition) {
  if (definition.schedule.empty() || !project.store().exists()) return "";
  try {
    for (const triggers::DueChangeling& due : triggers::judge_schedules(project, project.clock().now())) {
      if (due.definition.name == definition.name) return triggers::why_held_back(due);
    }
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

Json to_json(project::Project& project, const std::string& name) {
  const auto set =
      project::DefinitionSet::load(project, project::FileReading::WorkTree, project::FileMistake::Said);
  const Resolved resolved = set.resolve(name);
  const Definition& definition = resolved.definition;
  std::string warning;
  const project::Standing standing = project::standing_for_list(
      project::open_approvals(project), project::changeling_subject(set, definition), warning);
  const std::string reason = held_back(project, definition);
  Json json = view::to_json(definition);
  json["source"] = resolved.source;
  json["schedule_spread"] =
      definition.schedule.empty() ? Json(nullptr) : Json(project::schedule_of(project, definition).text());
  json["trusted"] = standing.trusted();
  json["held_back"] = reason.empty() ? Json(nullptr) : Json(reason);
  json["origins"] = resolved.origins;
  return json;
}

/// The record before everything else: what comes between makes the tag older than the answer, and never
/// newer.
Reply changeling_reply(Call& call, const std::string& name) {
  std::string record = record_at(call.project, store::definition_path(name));
  return {to_json(call.project, name), std::move(record)};
}

/// Writes what `edit` makes of the definition. Nobody at this machine's terminal has written it.
Reply write(Call& call, const std::string& name, project::Expectation expectation, const std::string& kind,
            const std::function<Layer(Layer)>& edit) {
  project::write_definition(call.project, name, expectation, kind, edit, project::Author::Other);
  return changeling_reply(call, name);
}

Reply set_enabled(Call& call, bool enabled) {
  const std::string& name = call.at("changeling");
  call.project.require_state();
  static_cast<void>(project::DefinitionSet::load(call.project).resolve(name));
  expect_file(call, store::definition_path(name));
  return write(call, name, project::Expectation::Present, enabled ? "enable" : "disable", [&](Layer layer) {
    layer.values["enabled"] = enabled;
    return layer;
  });
}

/// A name that is also a template's needs no `template`.
void choose_template(project::Project& project, const std::string& name,
                     std::map<std::string, FieldValue>& values) {
  for (const char* key : {"template", "prompt", "run"}) {
    if (values.contains(key)) return;
  }
  const auto set = project::DefinitionSet::load(project);
  try {
    values["template"] = find_template(name, set.templates()).name;
  } catch (const Error&) {
    throw Error(ErrorKind::Invalid, fmt::format("what shall '{}' do?", name), "give template, prompt or run");
  }
}

}  // namespace

namespace handlers {

Reply list_changelings(Call& call) {
  const auto overviews = triggers::load_overviews(call.project).changelings;
  Json list = Json::array();
  for (const triggers::ChangelingOverview& overview : overviews) list.push_back(view::to_json(overview));
  const std::string timer = triggers::timer_problem(call.project, overviews);
  return {{{"changelings", std::move(list)},
           {"damaged", view::to_json(call.project.damage())},
           {"timer_problem", timer.empty() ? Json(nullptr) : Json(timer)}}};
}

Reply get_changeling(Call& call) {
  return changeling_reply(call, call.at("changeling"));
}

Reply create_changeling(Call& call) {
  const std::string name = call.given("name");
  call.project.require_state();
  check_changeling_name(name);
  auto values = values_of(call);
  choose_template(call.project, name, values);
  Reply reply = write(call, name, project::Expectation::Missing, "add", [&](Layer layer) {
    layer.values = values;
    return layer;
  });
  reply.status = 201;
  reply.headers["location"] = "changelings/" + name;
  return reply;
}

Reply edit_changeling(Call& call) {
  const std::string& name = call.at("changeling");
  call.project.require_state();
  static_cast<void>(project::DefinitionSet::load(call.project).resolve(name));
  expect_file(call, store::definition_path(name));
  const auto values = values_of(call);
  const auto reset = fields_to_reset(call);
  return write(call, name, project::Expectation::Present, "update", [&](Layer layer) {
    for (const std::string& key : reset) layer.values.erase(key);
    for (const auto& [key, value] : values) layer.values[key] = value;
    return layer;
  });
}

Reply remove_changeling(Call& call) {
  const std::string& name = call.at("changeling");
  call.project.require_state();
  project::require_removable(project::DefinitionSet::load(call.project), name);
  expect_file(call, store::definition_path(name));
  project::remove_definition(call.project, name);
  return {{{"removed", {name}}}};
}

Reply enable_changeling(Call& call) {
  return set_enabled(call, true);
}

Reply disable_changeling(Call& call) {
  return set_enabled(call, false);
}

}  // namespace handlers
}  // namespace changeling::server::api
