#include "changeling/record_fields.hpp"
#include "project/write_helpers.hpp"
#include "server/api/handlers.hpp"
#include "store/skill_records.hpp"
#include "store/subagent_records.hpp"
#include "view/damage.hpp"
#include "view/helper.hpp"

// Sub-agents, which the API calls agents, and skills.
namespace changeling::server::api {
namespace {

using project::Author;
using project::Expectation;
using project::Helpers;

Reply agent_reply(Call& call, const std::string& name) {
  std::string record = record_at(call.project, store::subagent_path(name));
  return {view::to_json(Helpers(call.project.snapshot()).subagent(name)), std::move(record)};
}

Subagent edited(const Call& call, Subagent subagent) {
  for (const auto& field : subagent_fields()) {
    if (!call.has(field.key)) continue;
    const FieldValue value = field.kind == changeling::FieldKind::TextList
                                 ? FieldValue(call.given_list(field.key))
                                 : FieldValue(call.given(field.key));
    if (field.check != nullptr) field.check(value);
    field.apply(value, subagent);
  }
  return subagent;
}

Reply write_agent(Call& call, const std::string& name, Expectation expectation) {
  project::write_subagent(
      call.project, name, expectation, [&](Subagent subagent) { return edited(call, std::move(subagent)); },
      Author::Other);
  return agent_reply(call, name);
}

Reply skill_reply(Call& call, const std::string& name) {
  std::string record = record_at(call.project, store::skill_path(name));
  return {view::with_texts(Helpers(call.project.snapshot()).skill(name)), std::move(record)};
}

/// Files replace all that there are; description and instructions are those of SKILL.md.
Skill edited(const Call& call, Skill skill) {
  if (call.has("files")) {
    skill.files.clear();
    for (const auto& file : call.body.at("files").items())
      skill.files[file.key()] = file.value().get<std::string>();
  }
  if (!call.has("description") && !call.has("instructions")) return skill;
  const SkillText text = skill_text(skill);
  Skill made = make_skill(skill.name, call.has("description") ? call.given("description") : text.description,
                          call.has("instructions") ? call.given("instructions") : text.instructions);
  made.files.insert(skill.files.begin(), skill.files.end());
  return made;
}

Reply write_skill(Call& call, Skill before, Expectation expectation) {
  const Skill skill = edited(call, std::move(before));
  project::write_skill(call.project, skill, expectation, Author::Other);
  return skill_reply(call, skill.name);
}

Reply created(Reply reply, const std::string& location) {
  reply.status = 201;
  reply.headers["location"] = location;
  return reply;
}

}  // namespace

namespace handlers {

Reply list_agents(Call& call) {
  Json list = Json::array();
  for (const auto& [name, subagent] : Helpers(call.project.snapshot()).subagents(&call.project.damage()))
    list.push_back(view::to_json(subagent));
  return {{{"agents", std::move(list)}, {"damaged", view::to_json(call.project.damage())}}};
}

Reply get_agent(Call& call) {
  return agent_reply(call, call.at("subagent"));
}

Reply create_agent(Call& call) {
  const std::string name = call.given("name");
  return created(write_agent(call, name, Expectation::Missing), "agents/" + name);
}

Reply edit_agent(Call& call) {
  const std::string& name = call.at("subagent");
  call.project.require_state();
  static_cast<void>(Helpers(call.project.snapshot()).subagent(name));
  expect_file(call, store::subagent_path(name));
  return write_agent(call, name, Expectation::Present);
}

Reply remove_agent(Call& call) {
  const std::string& name = call.at("subagent");
  call.project.require_state();
  expect_file(call, store::subagent_path(name));
  project::remove_subagent(call.project, name);
  return {{{"removed", {name}}}};
}

Reply list_skills(Call& call) {
  Json list = Json::array();
  for (const auto& [name, skill] : Helpers(call.project.snapshot()).skills(&call.project.damage()))
    list.push_back(view::to_json(skill));
  return {{{"skills", std::move(list)}, {"damaged", view::to_json(call.project.damage())}}};
}

Reply get_skill(Call& call) {
  return skill_reply(call, call.at("skill"));
}

Reply create_skill(Call& call) {
  Skill skill;
  skill.name = call.given("name");
  return created(write_skill(call, skill, Expectation::Missing), "skills/" + skill.name);
}

Reply edit_skill(Call& call) {
  const std::string& name = call.at("skill");
  call.project.require_state();
  const Skill before = Helpers(call.project.snapshot()).skill(name).record;
  expect_file(call, store::skill_path(name));
  return write_skill(call, before, Expectation::Present);
}

Reply remove_skill(Call& call) {
  const std::string& name = call.at("skill");
  call.project.require_state();
  expect_file(call, store::skill_path(name));
  project::remove_skill(call.project, name);
  return {{{"removed", {name}}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
