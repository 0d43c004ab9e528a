#include "queue/task_import.hpp"

#include <fmt/format.h>

#include <array>
#include <unordered_map>

#include "queue/import_formats.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::queue {
namespace {

constexpr std::array<std::string_view, 3> format_words{"jsonl", "github", "markdown"};

void check_status(const ImportedTask& imported) {
  const Task& task = imported.task;
  if (task.status == TaskStatus::InFlight && !task.lease) {
    throw Error(ErrorKind::Invalid,
                fmt::format("{}: status: in_flight needs a lease; a task gets there by being claimed",
                            imported.place),
                "write ready instead");
  }
  if (task.lease && task.status != TaskStatus::InFlight) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: lease: only a task in_flight has one, this one is {}",
                                                imported.place, to_string(task.status)));
  }
}

/// The id that each id of the file stands for.
std::unordered_map<std::string, std::string> settle_ids(std::vector<ImportedTask>& tasks) {
  std::unordered_map<std::string, std::string> ids;
  std::unordered_map<std::string, const std::string*> places;
  for (ImportedTask& imported : tasks) {
    std::string& id = imported.task.id;
    if (id.empty()) continue;
    const auto [earlier, first] = places.emplace(id, &imported.place);
    if (!first) {
      throw Error(ErrorKind::Invalid,
                  fmt::format("{}: id: '{}' is also at {}", imported.place, id, *earlier->second));
    }
    std::string settled = is_task_id(id) ? id : new_task_id();
    ids.emplace(id, settled);
    id = std::move(settled);
  }
  return ids;
}

void follow_ids(std::vector<ImportedTask>& tasks, const std::unordered_map<std::string, std::string>& ids) {
  for (ImportedTask& imported : tasks) {
    for (std::string& blocker : imported.task.blocked_by) {
      if (const auto found = ids.find(blocker); found != ids.end()) {
        blocker = found->second;
      } else if (!is_task_id(blocker)) {
        throw Error(ErrorKind::Invalid,
                    fmt::format("{}: blocked_by: '{}' is neither in this file nor the id of a task",
                                imported.place, blocker));
      }
    }
    std::sort(imported.task.blocked_by.begin(), imported.task.blocked_by.end());
    for (std::string* link : {&imported.task.parent, &imported.task.discovered_from}) {
      if (const auto found = ids.find(*link); found != ids.end()) *link = found->second;
    }
  }
}

/// Editors of Windows begin a file with a byte order mark.
std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

}  // namespace

std::string_view to_string(ImportFormat format) {
  return format_words.at(static_cast<std::size_t>(format));
}

ImportFormat parse_import_format(std::string_view word) {
  for (std::size_t index = 0; index < format_words.size(); ++index) {
    if (format_words[index] == word) return static_cast<ImportFormat>(index);
  }
  const std::vector<std::string> words(format_words.begin(), format_words.end());
  const auto near = nearest(word, words);
  throw Error(ErrorKind::Usage, fmt::format("'{}' is no format; there are {}", word, join(words, ", ")),
              near ? fmt::format("did you mean '{}'?", *near) : "");
}

ImportFormat detect_import_format(std::string_view text) {
  const std::string_view content = trim(without_byte_order_mark(text));
  if (!content.starts_with('{') && !content.starts_with('[')) return ImportFormat::Markdown;
  // The first object decides; one that cannot be read is complained about by whoever reads the file.
  const auto first_of = [](std::string_view part) -> std::optional<bool> {
    const Json json = Json::parse(part, nullptr, false);
    if (json.is_array()) return !json.empty() && looks_like_issue(json.front());
    if (json.is_object()) return looks_like_issue(json);
    return std::nullopt;
  };
  const auto line = first_of(content.substr(0, content.find('\n')));
  const bool issues = line ? *line : first_of(content).value_or(false);
  return issues ? ImportFormat::GitHub : ImportFormat::JsonLines;
}

Import read_import(std::string_view text, const std::string& file_name, ImportFormat format,
                   const Task& defaults) {
  Import result;
  result.format = format;
  text = without_byte_order_mark(text);
  switch (format) {
    case ImportFormat::JsonLines:
      read_task_objects(text, file_name, defaults, result);
      break;
    case ImportFormat::GitHub:
      read_issues(text, file_name, defaults, result);
      break;
    case ImportFormat::Markdown:
      read_checklist(text, file_name, defaults, result);
      break;
  }
  for (const ImportedTask& imported : result.tasks) check_status(imported);
  follow_ids(result.tasks, settle_ids(result.tasks));
  return result;
}

}  // namespace changeling::queue
