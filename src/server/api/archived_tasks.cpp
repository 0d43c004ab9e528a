#include "server/api/archived_tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "server/api/cursor.hpp"
#include "store/task_archive.hpp"
#include "view/damage.hpp"
#include "view/task.hpp"

namespace changeling::server::api {
namespace {

constexpr std::array<std::string_view, 4> taken{"archived", "cursor", "limit", "view"};

void refuse_conditions(const Call& call) {
  for (const auto& [name, value] : call.request.query) {
    if (std::find(taken.begin(), taken.end(), name) != taken.end()) continue;
    throw Refusal(400, ErrorKind::Usage,
                  fmt::format("{}: archived tasks are listed without conditions", name), "leave it out");
  }
}

/// Behind the task that the page before ended with; the archive only grows.
std::size_t begin_of_page(const std::vector<queue::Task>& tasks, const Json& place) {
  if (place.is_null()) return 0;
  const auto last = std::find_if(tasks.begin(), tasks.end(),
                                 [&](const queue::Task& task) { return task.id == place.at(0); });
  return last == tasks.end() ? tasks.size() : static_cast<std::size_t>(last - tasks.begin()) + 1;
}

}  // namespace

Reply list_archived_tasks(Call& call) {
  refuse_conditions(call);
  store::DamagedRecords damaged;
  const std::vector<queue::Task> tasks = store::read_archive(call.project.snapshot(), &damaged);
  call.project.damage().note(damaged);
  const std::size_t begin = begin_of_page(tasks, read_cursor(call));
  const std::size_t end = std::min(begin + call.limit(), tasks.size());
  const bool as_cards = call.text("view") == "card";
  const Timestamp now = call.project.clock().now();
  store::TaskIndex& index = call.project.tasks().current_index();
  Json list = Json::array();
  for (std::size_t place = begin; place < end; ++place)
    list.push_back(as_cards ? view::task_card(tasks[place], now) : view::to_json(index, tasks[place]));
  return {{{"tasks", std::move(list)},
           {"total", tasks.size()},
           {"damaged", view::to_json(call.project.damage())},
           {"next_cursor",
            end < tasks.size() ? Json(make_cursor(call, Json::array({tasks[end - 1].id}))) : Json(nullptr)}}};
}

}  // namespace changeling::server::api
