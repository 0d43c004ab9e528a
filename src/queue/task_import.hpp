#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "queue/task.hpp"

namespace changeling::queue {

enum class ImportFormat {
  JsonLines,  ///< A task's fields, one object a line; also a list of them, or {"tasks": […]}.
  GitHub,     ///< Issues as `gh issue list --json …` or the REST API gives them, as a list or one a line.
  Markdown,   ///< Checklists: "- [ ] title", indented text below is the description.
};
std::string_view to_string(ImportFormat format);  ///< "jsonl", "github", "markdown"
/// Throws Error(Usage) naming the allowed words.
ImportFormat parse_import_format(std::string_view word);

/// A task read from a file, not yet in any queue.
struct ImportedTask {
  Task task;          ///< The id is empty when the file gives none.
  std::string place;  ///< For messages: "tasks.jsonl:3" or "issues.json: item 3".
};

struct Import {
  ImportFormat format = ImportFormat::JsonLines;
  std::vector<ImportedTask> tasks;
  std::size_t pull_requests =
      0;  ///< Entries of GitHub's list that were skipped for being none of its issues.
  std::vector<std::string> notes;  ///< Sentences about what was ignored, such as an unknown field.
};

/// By the first characters and fields.
ImportFormat detect_import_format(std::string_view text);

/// Reads all of it or nothing: the first mistake throws Error(Invalid) that names the place and the field.
/// `defaults` gives what an entry does not say itself (status, priority, role); its labels are added. Ids
/// that cannot be a task's here are names within the file: such a task gets a new id, and blocked_by follows.
Import read_import(std::string_view text, const std::string& file_name, ImportFormat format,
                   const Task& defaults);

}  // namespace changeling::queue
