#include "changeling/hook_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "support/text.hpp"

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

}  // namespace

const std::vector<std::string>& hook_events() {
  static const std::vector<std::string> events = {"post-applypatch", "post-checkout", "post-commit",
                                                  "post-merge",      "post-receive",  "post-rewrite",
                                                  "post-update",     "pre-push"};
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
