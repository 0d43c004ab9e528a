#include "server/api/tasks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/task_writing.hpp"
#include "queue/task_edit.hpp"
#include "queue/task_json.hpp"
#include "server/api/archived_tasks.hpp"
#include "server/api/cursor.hpp"
#include "server/api/handlers.hpp"
#include "store/task_records.hpp"
#include "view/damage.hpp"
#include "view/task.hpp"

namespace changeling::server::api {
namespace {

/// Runs a parser whose error does not know the field, and says it.
template <typename Parse>
auto parse_field(std::string_view name, const Parse& parse) {
  try {
    return parse();
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: {}", name, error.what()), error.hint());
  }
}

void take_gates(const Call& call, queue::Task& task) {
  const std::vector<queue::Gate> before = std::move(task.gates);
  task.gates.clear();
  for (const std::string& text : call.given_list("gates")) {
    const auto gate = parse_field("gates", [&] { return queue::parse_gate(text); });
    // One that is given again stays as open as it was.
    const auto known = std::find_if(before.begin(), before.end(),
                                    [&](const queue::Gate& other) { return other.same_as(gate); });
    task.gates.push_back(known == before.end() ? gate : *known);
  }
}

void take_acceptance(const Call& call, queue::Task& task) {
  task.acceptance.clear();
  for (const std::string& text : call.given_list("acceptance"))
    task.acceptance.push_back(parse_field("acceptance", [&] { return queue::parse_criterion(text); }));
}

void take_complexity(const Call& call, queue::Task& task) {
  task.complexity.reset();
  const std::string word = call.given("complexity");
  if (!word.empty())
    task.complexity = parse_field("complexity", [&] { return queue::parse_complexity(word); });
}

store::TaskQuery query_of(const Call& call) {
  store::TaskQuery query;
  for (const std::string& word : call.words("status")) query.statuses.push_back(queue::parse_status(word));
  query.role = call.text("role");
  query.labels = call.words("label");
  if (const std::string word = call.text("priority"); !word.empty())
    query.priority = queue::parse_priority(word);
  query.assignee = call.text("assignee");
  query.text = call.text("search");
  if (call.flag("unblocked")) query.unblocked_at = call.project.clock().now();
  query.limit = call.limit();
  return query;
}

/// Whether lists show more of it than its record and those of other tasks: gates open with time, and what is
/// known of a claim's publication is this machine's.
bool changes_by_itself(const queue::Task& task) {
  return !task.gates.empty() || task.lease.has_value();
}

Json place_of(const queue::Task& task) {
  return {to_string(task.priority), format_timestamp(task.created_at), task.id};
}

store::TaskPosition position_at(const Json& place) {
  return {queue::parse_priority(place.at(0).get<std::string>()),
          parse_timestamp(place.at(1).get<std::string>()), place.at(2).get<std::string>()};
}

}  // namespace

queue::Task named_task(Call& call) {
  call.project.require_state();
  return call.project.tasks().find(call.at("task"));
}

Reply task_reply(Call& call, const queue::Task& task) {
  return {view::to_json(call.project, task), store::task_text(task)};
}

void expect_task(Call& call, const std::string& id) {
  expect(call, [id](const store::Snapshot& snapshot) -> std::optional<std::string> {
    const auto task = store::read_sound_task(snapshot, id);
    return task ? std::optional(store::task_text(*task)) : std::nullopt;
  });
}

void take_fields(Call& call, queue::Task& task) {
  const queue::Task before = task;
  if (call.has("title"))
    task.title = parse_field("title", [&] { return queue::checked_title(call.given("title")); });
  if (call.has("description")) task.description = call.given("description");
  if (call.has("acceptance")) take_acceptance(call, task);
  if (call.has("priority"))
    task.priority = parse_field("priority", [&] { return queue::parse_priority(call.given("priority")); });
  if (call.has("complexity")) take_complexity(call, task);
  if (call.has("labels")) task.labels = queue::sorted_words(call.given_list("labels"));
  if (call.has("role")) task.role = call.given("role");
  if (call.has("blocked_by")) task.blocked_by = call.given_list("blocked_by");
  if (call.has("parent")) task.parent = call.given("parent");
  if (call.has("discovered_from")) task.discovered_from = call.given("discovered_from");
  if (call.has("gates")) take_gates(call, task);
  project::complete_links(call.project, before, task);
  project::follow_role(call.project, before, task, call.has("acceptance"));
}

namespace handlers {

Reply list_tasks(Call& call) {
  call.project.require_state();
  if (call.flag("archived")) return list_archived_tasks(call);
  store::TaskQuery query = query_of(call);
  const Json place = read_cursor(call);
  if (!place.is_null()) query.after = position_at(place);
  store::TaskIndex& index = call.project.tasks().current_index();
  // One more than asked for tells whether there is another page.
  ++query.limit;
  std::vector<queue::Task> tasks;
  for (const std::string& record : index.records(query))
    tasks.push_back(queue::task_from_json(parse_json(record, "the index"), "the index"));
  const bool more = tasks.size() == query.limit;
  if (more) tasks.pop_back();
  call.project.damage().note(index.unreadable());
  const bool as_cards = call.text("view") == "card";
  const Timestamp now = call.project.clock().now();
  Json list = Json::array();
  for (const queue::Task& task : tasks)
    list.push_back(as_cards ? view::task_card(call.project, task, now) : view::to_json(index, task));
  Reply reply{{{"tasks", std::move(list)},
               {"total", index.count(query)},
               {"damaged", view::to_json(call.project.damage())},
               {"next_cursor", more ? Json(make_cursor(call, place_of(tasks.back()))) : Json(nullptr)}}};
  reply.is_of_state = !query.unblocked_at && call.project.damage().noted().empty() &&
                      std::none_of(tasks.begin(), tasks.end(), changes_by_itself);
  return reply;
}

Reply get_task(Call& call) {
  return task_reply(call, named_task(call));
}

Reply create_task(Call& call) {
  call.project.require_state();
  queue::Task task;
  if (call.has("status")) {
    task.status = project::first_status(
        parse_field("status", [&] { return queue::parse_status(call.given("status")); }));
  }
  take_fields(call, task);
  const queue::Task added = call.project.tasks().add({std::move(task)}).front();
  Reply reply = task_reply(call, added);
  reply.status = 201;
  reply.headers["location"] = "tasks/" + added.id;
  return reply;
}

Reply edit_task(Call& call) {
  const queue::Task before = named_task(call);
  expect_task(call, before.id);
  queue::Task wanted = before;
  take_fields(call, wanted);
  return task_reply(call, call.project.tasks().edit(before.id, "edit", [&](queue::Task& task) {
    // What others have changed meanwhile stays.
    queue::take_over_fields(task, wanted, queue::differing_fields(before, wanted));
  }));
}

Reply remove_task(Call& call) {
  const std::string id = named_task(call).id;
  expect_task(call, id);
  call.project.tasks().remove({id});
  return {{{"removed", {id}}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
