#include "cli/command_sections.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace changeling::cli {
namespace {

/// Where the command's name stands, behind options that stand before it; the size when there is none.
std::size_t place_of_command(const std::vector<std::string>& words) {
  std::size_t place = 0;
  while (place < words.size() && words[place].starts_with('-') && words[place] != "--")
    place += words[place] == "-C" ? 2 : 1;
  return std::min(place, words.size());
}

}  // namespace

std::span<const CommandSection> command_sections() {
  static const auto sections = std::to_array<CommandSection>({
      {"Set up", {"init", "config", "credential", "trust", "untrust", "schedule", "hooks", "notify"}},
      {"Changelings",
       {"add", "update", "edit", "show", "list", "enable", "disable", "remove", "templates", "agent", "skill",
        "run", "plan", "deploy", "undeploy"}},
      {"Runs and review",
       {"status", "runs", "logs", "attach", "send", "answer", "stop", "retry", "review", "report", "chat"}},
      {"Tasks", {"task", "role", "dispatch", "work", "events"}},
      {"Sharing", {"sync", "log", "undo", "redo", "compact"}},
      {"Service", {"serve", "webhook"}},
      {"For agents, hooks and timers", {"ask", "hook", "prime", "publish", "tick"}},
  });
  return sections;
}

std::vector<std::string> with_usual_words(std::vector<std::string> words) {
  static const std::map<std::string, std::string> usual{
      {"version", "--version"}, {"ls", "list"}, {"rm", "remove"}, {"new", "add"}};
  const std::size_t place = place_of_command(words);
  if (place == words.size()) return words;
  if (words[place] == "help") {
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(place));
    words.emplace_back("--help");
  } else if (const auto other = usual.find(words[place]); other != usual.end()) {
    words[place] = other->second;
  }
  return words;
}

}  // namespace changeling::cli
