#include "queue/task.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::queue {
namespace {

/// The words of an enumeration, in the order of its values.
template <std::size_t Count>
using Words = std::array<std::string_view, Count>;

constexpr Words<7> status_words{"inbox", "planning", "ready", "in_flight", "review", "done", "blocked"};
constexpr Words<4> priority_words{"low", "medium", "high", "urgent"};
constexpr Words<5> complexity_words{"xs", "s", "m", "l", "xl"};
constexpr Words<4> artifact_words{"file", "pr", "document", "link"};

constexpr std::string_view file_prefix = "file:";
constexpr std::string_view command_prefix = "run:";
constexpr std::string_view text_prefix = "text:";

template <typename Value, std::size_t Count>
Value parse_word(std::string_view what, std::string_view word, const Words<Count>& words) {
  for (std::size_t index = 0; index < Count; ++index) {
    if (words[index] == word) return static_cast<Value>(index);
  }
  const auto near = nearest(word, std::vector<std::string>(words.begin(), words.end()));
  throw Error(ErrorKind::Invalid,
              fmt::format("{}: '{}' is not one of {}", what, word, fmt::join(words, ", ")),
              near ? fmt::format("did you mean '{}'?", *near) : "");
}

template <typename Value, std::size_t Count>
std::string_view word_of(Value value, const Words<Count>& words) {
  return words.at(static_cast<std::size_t>(value));
}

std::string criterion_value(std::string_view text, std::string_view prefix) {
  const std::string value(trim(text.substr(prefix.size())));
  if (value.empty()) {
    throw Error(ErrorKind::Invalid, fmt::format("acceptance: nothing follows in '{}'", text),
                "write file:PATH, run:COMMAND LINE, or a sentence");
  }
  return value;
}

}  // namespace

std::string_view to_string(TaskStatus status) {
  return word_of(status, status_words);
}

std::string_view to_string(Priority priority) {
  return word_of(priority, priority_words);
}

std::string_view to_string(Complexity complexity) {
  return word_of(complexity, complexity_words);
}

std::string_view to_string(Artifact::Kind kind) {
  return word_of(kind, artifact_words);
}

TaskStatus parse_status(std::string_view word) {
  return parse_word<TaskStatus>("status", word, status_words);
}

Priority parse_priority(std::string_view word) {
  return parse_word<Priority>("priority", word, priority_words);
}

Complexity parse_complexity(std::string_view word) {
  return parse_word<Complexity>("complexity", word, complexity_words);
}

Artifact::Kind parse_artifact_kind(std::string_view word) {
  return parse_word<Artifact::Kind>("artifact", word, artifact_words);
}

Criterion parse_criterion(std::string_view text) {
  if (text.starts_with(file_prefix)) return {Criterion::Kind::File, criterion_value(text, file_prefix)};
  if (text.starts_with(command_prefix))
    return {Criterion::Kind::Command, criterion_value(text, command_prefix)};
  const std::string_view prefix = text.starts_with(text_prefix) ? text_prefix : std::string_view();
  return {Criterion::Kind::Text, criterion_value(text, prefix)};
}

std::string to_string(const Criterion& criterion) {
  switch (criterion.kind) {
    case Criterion::Kind::File:
      return fmt::format("{}{}", file_prefix, criterion.value);
    case Criterion::Kind::Command:
      return fmt::format("{}{}", command_prefix, criterion.value);
    case Criterion::Kind::Text:
      break;
  }
  const std::string& value = criterion.value;
  const bool looks_otherwise =
      value.starts_with(file_prefix) || value.starts_with(command_prefix) || value.starts_with(text_prefix);
  return looks_otherwise ? fmt::format("{}{}", text_prefix, value) : value;
}

std::string new_task_id() {
  // Consonants only, so that no words appear and no shell or YAML reader takes an id for a number.
  constexpr std::string_view folder_letters = "bcdfghjkmnpqrstv";
  static_assert(folder_letters.size() == 16);
  constexpr std::size_t length = 8;
  std::string id;
  // random_id gives letters of thirty; those of the sixteen are equally likely among them.
  while (id.size() < 4) {
    for (const char letter : random_id(16)) {
      if (id.size() < 4 && folder_letters.find(letter) != std::string_view::npos) id += letter;
    }
  }
  return id + random_id(length - id.size());
}

bool is_task_id(std::string_view text) {
  const auto is_inner = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  };
  // The first four letters name folders, so a hyphen may come only after them.
  return text.size() >= 5 && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_inner) &&
         text.substr(0, 4).find('-') == std::string_view::npos && !text.ends_with('-');
}

}  // namespace changeling::queue
