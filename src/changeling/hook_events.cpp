#include "changeling/hook_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "support/text.hpp"
#include "support/word_list.hpp"

namespace changeling {
namespace {

/// Hooks that git waits for and obeys, and the event that says the same afterwards. An agent takes minutes,
/// so it cannot be asked whether git may go on.
const std::map<std::string, std::string, std::less<>>& deciding_hooks() {
  static const std::map<std::string, std::string, std::less<>> hooks = {
      {"applypatch-msg", "post-applypatch"},
      {"commit-msg", "post-commit"},
      {"pre-applypatch", "post-applypatch"},
      {"pre-commit", "post-commit"},
      {"pre-merge-commit", "post-merge"},
      {"pre-rebase", "post-rewrite"},
      {"pre-receive", "post-receive"},
      {"prepare-commit-msg", "post-commit"},
      {"proc-receive", "post-receive"},
      {"push-to-checkout", "post-receive"},
      {"update", "post-receive"},
  };
  return hooks;
}

/// Sorted.
constexpr std::array all_events{
    HookEvent{"post-applypatch", "git am has applied a patch"},
    HookEvent{"post-checkout", "Another branch or other files were checked out"},
    HookEvent{"post-commit", "A commit was made"},
    HookEvent{"post-merge", "A merge is done, as by git pull"},
    HookEvent{"post-receive", "A push has arrived in this repository"},
    HookEvent{"post-rewrite", "Commits were amended or rebased"},
    HookEvent{"post-update", "A push has moved references of this repository"},
    HookEvent{"pre-push", "A push is about to go out"},
};

}  // namespace

std::span<const HookEvent> hook_event_rows() {
  return all_events;
}

const std::vector<std::string>& hook_events() {
  static const std::vector<std::string> events = words_of(all_events);
  return events;
}

bool is_hook_event(std::string_view event) {
  return std::binary_search(hook_events().begin(), hook_events().end(), event);
}

std::string hook_event_hint(std::string_view word) {
  if (const auto found = deciding_hooks().find(word); found != deciding_hooks().end())
    return fmt::format("git waits for {} and obeys it; {} comes when it has happened", word, found->second);
  if (const auto near = nearest(word, hook_events())) return fmt::format("did you mean \"{}\"?", *near);
  return fmt::format("the events are {}", join(hook_events(), ", "));
}

}  // namespace changeling
