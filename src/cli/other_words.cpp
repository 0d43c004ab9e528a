#include "cli/other_words.hpp"

#include <array>

namespace changeling::cli {
namespace {

struct OtherWord {
  std::string_view group, word, command;
};
constexpr std::array other_words = std::to_array<OtherWord>({
    {"", "accept", "review accept"},
    {"", "approve", "trust"},
    {"", "archive", "compact"},
    {"", "cancel", "stop"},
    {"", "claim", "task claim"},
    {"", "clean", "compact"},
    {"", "cleanup", "compact"},
    {"", "create", "add"},
    {"", "cron", "schedule"},
    {"", "daemon", "schedule install"},
    {"", "delete", "remove"},
    {"", "diff", "review diff"},
    {"", "doctor", "status"},
    {"", "done", "task done"},
    {"", "fetch", "sync"},
    {"", "gc", "compact"},
    {"", "halt", "disable --all"},
    {"", "history", "log"},
    {"", "info", "show"},
    {"", "kill", "stop"},
    {"", "merge", "review accept"},
    {"", "pause", "disable --all"},
    {"", "pr", "review list"},
    {"", "prs", "review list"},
    {"", "prune", "compact"},
    {"", "ps", "status"},
    {"", "pull", "sync"},
    {"", "push", "sync"},
    {"", "queue", "task list"},
    {"", "reject", "review reject"},
    {"", "resume", "enable --all"},
    {"", "revert", "undo"},
    {"", "start", "run"},
    {"", "tail", "logs"},
    {"", "tasks", "task list"},
    {"", "todo", "task list"},
    {"", "worker", "work"},
    {"task", "close", "task done"},
    {"task", "create", "task add"},
    {"task", "delete", "task remove"},
    {"task", "finish", "task complete"},
    {"task", "ls", "task list"},
    {"task", "new", "task add"},
    {"task", "next", "task claim"},
    {"task", "rm", "task remove"},
    {"task", "start", "task claim"},
    {"task", "take", "task claim"},
    {"task", "update", "task edit"},
    {"review", "approve", "review accept"},
    {"review", "close", "review reject"},
    {"review", "merge", "review accept"},
});

}  // namespace

std::optional<std::string_view> word_of_other_tools(std::string_view group, std::string_view word) {
  for (const OtherWord& other : other_words) {
    if (other.group == group && other.word == word) return other.command;
  }
  return std::nullopt;
}

}  // namespace changeling::cli
