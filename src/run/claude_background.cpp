#include "run/claude_background.hpp"

#include <fmt/format.h>

#include "run/foreign_json.hpp"
#include "run/output_tail.hpp"
#include "support/json.hpp"

namespace changeling::run {
namespace {

constexpr std::size_t kShownDescription = 80;

bool is_true(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_boolean() && value.get<bool>();
}

bool is_false(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_boolean() && !value.get<bool>();
}

std::string description_of(const Json& task) {
  for (const char* key : {"description", "task_type", "task_id"}) {
    if (auto text = first_line_of(text_of(task, key), kShownDescription); !text.empty()) return text;
  }
  return "a task";
}

}  // namespace

void ClaudeBackground::read_list(const Json& event) {
  has_list_ = true;
  tasks_.clear();
  std::size_t number = 0;
  for (const Json& task : list_of(event, "tasks")) {
    // Such as a watch over files: there as long as the session is.
    if (is_true(task, "ambient")) continue;
    const std::string id = text_of(task, "task_id");
    tasks_[id.empty() ? fmt::format("#{}", ++number) : id] = description_of(task);
  }
}

void ClaudeBackground::read(const Json& event) {
  const std::string subtype = text_of(event, "subtype");
  if (subtype == "background_tasks_changed") return read_list(event);
  const std::string id = text_of(event, "task_id");
  if (has_list_ || id.empty()) return;
  if (subtype == "task_started" && !is_false(event, "is_backgrounded")) tasks_[id] = description_of(event);
  if (subtype == "task_notification") tasks_.erase(id);
  if (subtype == "task_updated") {
    const std::string status = text_of(member(event, "patch"), "status");
    if (!status.empty() && status != "running" && status != "pending") tasks_.erase(id);
  }
}

std::string ClaudeBackground::describe() const {
  if (tasks_.empty()) return "";
  const std::string& first = tasks_.begin()->second;
  return tasks_.size() == 1 ? first : fmt::format("{} and {} more", first, tasks_.size() - 1);
}

}  // namespace changeling::run
