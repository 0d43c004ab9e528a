#include <fmt/format.h>

#include <set>

#include "queue/import_formats.hpp"
#include "queue/task_json.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::queue {
namespace {

using Take = std::function<void(const Json& object, const std::string& place)>;

void take_object(const Json& item, const std::string& place, const Take& take) {
  if (!item.is_object()) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: expected an object, found {}", place, item.type_name()));
  }
  take(item, place);
}

void take_list(const Json& list, const std::string& file_name, const Take& take) {
  std::size_t number = 0;
  for (const Json& item : list) take_object(item, fmt::format("{}: item {}", file_name, ++number), take);
}

void take_lines(std::string_view text, const std::string& file_name, const Take& take) {
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::string place = fmt::format("{}:{}", file_name, ++number);
    if (!line.empty()) take_object(parse_json(line, place), place, take);
  }
}

/// Every key that to_json writes, those of an answer besides, and no other.
const std::vector<std::string>& known_fields() {
  static const std::vector<std::string> fields = [] {
    std::vector<std::string> keys;
    Task task;
    task.lease = Lease{};
    const Json object = to_json(task);
    for (const auto& [key, value] : object.items()) keys.push_back(key);
    // Derived; an answer of `task show` has them.
    keys.emplace_back("blocks");
    keys.emplace_back("children");
    return keys;
  }();
  return fields;
}

/// A typing mistake must not silently drop what was meant.
void note_unknown_fields(const Json& object, const std::string& place, std::set<std::string>& noted,
                         Import& result) {
  const std::vector<std::string>& known = known_fields();
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end() || !noted.insert(key).second) continue;
    const auto near = nearest(key, known);
    result.notes.push_back(fmt::format("{}: ignored the unknown field '{}'{}", place, key,
                                       near ? fmt::format("; did you mean '{}'?", *near) : ""));
  }
}

}  // namespace

void each_json_object(std::string_view text, const std::string& file_name, const Take& take) {
  const std::string_view content = trim(text);
  if (content.empty()) return;
  if (content.starts_with('[')) {
    // A list over one or many lines; a line that is a list of its own is nothing that anybody writes.
    return take_list(parse_json(content, file_name), file_name, take);
  }
  const std::string_view first_line = content.substr(0, content.find('\n'));
  const bool is_lines = Json::accept(first_line);
  if (is_lines && first_line.size() != content.size()) return take_lines(text, file_name, take);
  const Json whole = parse_json(content, is_lines ? file_name + ":1" : file_name);
  if (const auto list = whole.find("tasks"); whole.is_object() && list != whole.end() && list->is_array()) {
    return take_list(*list, file_name, take);
  }
  take_object(whole, file_name + ":1", take);
}

void read_task_objects(std::string_view text, const std::string& file_name, const Task& defaults,
                       Import& result) {
  std::set<std::string> noted;
  each_json_object(text, file_name, [&](const Json& object, const std::string& place) {
    Task task = task_from_json(object, place);
    note_unknown_fields(object, place, noted, result);
    const auto says = [&](const char* key) { return object.contains(key) && !object[key].is_null(); };
    if (!says("status")) task.status = defaults.status;
    if (!says("priority")) task.priority = defaults.priority;
    if (task.role.empty()) task.role = defaults.role;
    for (const std::string& label : defaults.labels) task.labels.push_back(label);
    std::sort(task.labels.begin(), task.labels.end());
    task.labels.erase(std::unique(task.labels.begin(), task.labels.end()), task.labels.end());
    result.tasks.push_back({std::move(task), place});
  });
}

}  // namespace changeling::queue
