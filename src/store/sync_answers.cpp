#include "store/sync_answers.hpp"

#include <array>

namespace changeling::store {
namespace {

bool contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

}  // namespace

bool says_missing_reference(std::string_view message) {
  return contains(message, "couldn't find remote ref");
}

std::optional<Declined> refusal_of(const std::string& message, const std::string& reference) {
  if (!contains(message, "remote rejected") && !contains(message, "pre-receive hook declined"))
    return std::nullopt;
  // "deny updating a hidden ref" is git's and GitHub's answer, "prohibited" Gerrit's, "funny refname" that of
  // servers that check names themselves.
  constexpr std::array words{"hidden ref", "prohibited", "funny refname", "not allowed", "hook declined"};
  for (const char* word : words) {
    if (!contains(message, word)) continue;
    if (reference.starts_with("refs/heads/")) return Declined{message, "ask who runs the remote"};
    return Declined{
        message, "if the host accepts only branches: git changeling init --ref refs/heads/changeling-state"};
  }
  return Declined{message, ""};
}

}  // namespace changeling::store
