#include "queue/task_edit.hpp"

#include <algorithm>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::queue {
namespace {

struct Field {
  const char* name;
  bool (*same)(const Task&, const Task&);
  void (*copy)(Task&, const Task&);
};

template <auto Member>
constexpr Field field(const char* name) {
  return {name, [](const Task& one, const Task& other) { return one.*Member == other.*Member; },
          [](Task& task, const Task& from) { task.*Member = from.*Member; }};
}

constexpr Field editable[] = {field<&Task::title>("title"),
                              field<&Task::priority>("priority"),
                              field<&Task::complexity>("complexity"),
                              field<&Task::labels>("labels"),
                              field<&Task::role>("role"),
                              field<&Task::blocked_by>("blocked-by"),
                              field<&Task::parent>("parent"),
                              field<&Task::discovered_from>("discovered-from"),
                              field<&Task::gates>("gate"),
                              field<&Task::acceptance>("accept"),
                              field<&Task::description>("description")};

bool is_among(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<std::string> differing_fields(const Task& one, const Task& other) {
  std::vector<std::string> names;
  for (const Field& each : editable) {
    if (!each.same(one, other)) names.emplace_back(each.name);
  }
  return names;
}

std::vector<std::string> fields_changed_by_both(const Task& base, const Task& ours, const Task& theirs) {
  const auto by_us = differing_fields(base, ours);
  const auto by_them = differing_fields(base, theirs);
  std::vector<std::string> both;
  for (const std::string& name : differing_fields(ours, theirs)) {
    if (is_among(name, by_us) && is_among(name, by_them)) both.push_back(name);
  }
  return both;
}

void take_over_fields(Task& task, const Task& from, const std::vector<std::string>& names) {
  for (const Field& each : editable) {
    if (is_among(each.name, names)) each.copy(task, from);
  }
}

std::string checked_title(const std::string& text) {
  const std::string title = valid_utf8(trim(text));
  if (title.empty()) throw Error(ErrorKind::Usage, "the title is empty");
  if (title.find('\n') != std::string::npos) {
    throw Error(ErrorKind::Usage, "the title has more than one line",
                "the rest belongs into the description");
  }
  return title;
}

std::vector<std::string> sorted_words(const std::vector<std::string>& words) {
  std::vector<std::string> sorted;
  for (const std::string& word : words) {
    if (!word.empty()) sorted.push_back(valid_utf8(word));
  }
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

}  // namespace changeling::queue
