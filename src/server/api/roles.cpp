#include "project/write_role.hpp"
#include "queue/task.hpp"
#include "server/api/handlers.hpp"
#include "store/role_records.hpp"
#include "view/damage.hpp"
#include "view/role.hpp"

namespace changeling::server::api {
namespace {

Reply role_reply(Call& call, const std::string& name) {
  std::string record = record_at(call.project, store::role_path(name));
  const auto set = project::RoleSet::load(call.project, project::FileMistake::Said);
  return {view::to_json(set.find(name)), std::move(record)};
}

RoleDefinition edited(const Call& call, RoleDefinition role) {
  if (call.has("run")) role.command = call.given("run");
  if (call.has("agent")) role.agent = call.given("agent");
  project::choose_agent(role, !call.given("run").empty(), call.has("agent"));
  if (call.has("prompt")) role.prompt = call.given("prompt");
  if (call.has("interactive")) role.interactive = call.body.at("interactive").get<bool>();
  if (!call.has("accept")) return role;
  role.accept.clear();
  for (const std::string& text : call.given_list("accept"))
    role.accept.push_back(to_string(queue::parse_criterion(text)));
  return role;
}

Reply write(Call& call, const std::string& name, project::Expectation expectation) {
  project::write_role(
      call.project, name, expectation, [&](RoleDefinition role) { return edited(call, std::move(role)); },
      project::Author::Other);
  return role_reply(call, name);
}

}  // namespace

namespace handlers {

Reply list_roles(Call& call) {
  const auto set = project::RoleSet::load(call.project, project::FileMistake::Said);
  Json list = Json::array();
  for (const auto& [name, role] : set.all()) list.push_back(view::to_json(role));
  return {{{"roles", std::move(list)}, {"damaged", view::to_json(call.project.damage())}}};
}

Reply get_role(Call& call) {
  return role_reply(call, call.at("role"));
}

Reply create_role(Call& call) {
  const std::string name = call.given("name");
  Reply reply = write(call, name, project::Expectation::Missing);
  reply.status = 201;
  reply.headers["location"] = "roles/" + name;
  return reply;
}

Reply edit_role(Call& call) {
  call.project.require_state();
  expect_file(call, store::role_path(call.at("role")));
  return write(call, call.at("role"), project::Expectation::Present);
}

Reply remove_role(Call& call) {
  const std::string& name = call.at("role");
  call.project.require_state();
  project::require_removable(project::RoleSet::load(call.project), name);
  expect_file(call, store::role_path(name));
  project::remove_role(call.project, name);
  return {{{"removed", {name}}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
