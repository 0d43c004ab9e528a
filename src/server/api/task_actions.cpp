// The same for many tasks, each for itself.
#include <array>
#include <set>

#include "queue/task_edit.hpp"
#include "server/api/handlers.hpp"
#include "server/api/problems.hpp"
#include "server/api/task_moves.hpp"
#include "server/api/tasks.hpp"
#include "support/word_list.hpp"

namespace changeling::server::api {
namespace {

/// Adds and removes labels, beside the fields that are replaced.
queue::Task edit_one(Call& call, const std::string& id) {
  const queue::Task before = call.project.tasks().find(id);
  queue::Task wanted = before;
  take_fields(call, wanted);
  const auto added = call.given_list("add_labels");
  const auto removed = call.given_list("remove_labels");
  return call.project.tasks().edit(id, "edit", [&](queue::Task& task) {
    queue::take_over_fields(task, wanted, queue::differing_fields(before, wanted));
    std::set<std::string> labels(task.labels.begin(), task.labels.end());
    labels.insert(added.begin(), added.end());
    for (const std::string& label : removed) labels.erase(label);
    task.labels = queue::sorted_words({labels.begin(), labels.end()});
  });
}

queue::Task remove_one(Call& call, const std::string& id) {
  const queue::Task task = call.project.tasks().find(id);
  call.project.tasks().remove({task.id});
  return task;
}

struct ActionRow {
  std::string_view word;
  queue::Task (*carry_out)(Call& call, const std::string& id);
};

constexpr std::array actions{
    ActionRow{"approve", approve_one}, ActionRow{"block", block_one},     ActionRow{"done", close_one},
    ActionRow{"drop", drop_one},       ActionRow{"edit", edit_one},       ActionRow{"move", move_one},
    ActionRow{"remove", remove_one},   ActionRow{"unblock", unblock_one},
};

/// What came of one of them; its own failure is no other one's.
Json result_of(Call& call, const ActionRow& action, const std::string& word) {
  try {
    const std::string id = call.project.tasks().find(word).id;
    const queue::Task task = action.carry_out(call, id);
    return {{"task", id}, {"status", 200}, {"result", task_reply(call, task).body}};
  } catch (const Error& error) {
    return {{"task", word}, {"status", status_of(error)}, {"problem", problem_json(error)}};
  }
}

}  // namespace

namespace handlers {

Reply act_on_tasks(Call& call) {
  call.project.require_state();
  const ActionRow* action = find_word(actions, call.given("action"));
  if (action == nullptr)
    throw not_allowed(ErrorKind::Invalid, "action", call.given("action"), words_of(actions));
  Json results = Json::array();
  std::int64_t failed = 0;
  for (const std::string& word : call.given_list("tasks")) {
    results.push_back(result_of(call, *action, word));
    if (results.back().contains("problem")) ++failed;
  }
  return {{{"results", std::move(results)}, {"failed", failed}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
