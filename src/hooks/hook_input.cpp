#include "hooks/hook_input.hpp"

#include <algorithm>

#include "support/text.hpp"

namespace changeling::hooks {
namespace {

bool is_ours(std::string_view reference, std::string_view state_reference, const BranchPrefix& prefix) {
  return prefix.holds(reference) || reference.starts_with("refs/changelings/") ||
         reference == state_reference;
}

/// The names of references on the lines of githooks(5): the third word of "OLD NEW REF" (post-receive) and of
/// "LOCAL_REF LOCAL_ID REMOTE_REF REMOTE_ID" (pre-push).
std::vector<std::string> moved_references(std::string_view input) {
  std::vector<std::string> references;
  for (const std::string& line : split_lines(input)) {
    const auto words = split(line, ' ');
    if (words.size() >= 3) references.push_back(words[2]);
  }
  return references;
}

}  // namespace

bool has_reference_lines(std::string_view event) {
  return event == "post-receive" || event == "pre-push";
}

std::string reason_to_ignore(std::string_view event, const std::vector<std::string>& arguments,
                             std::string_view input, std::string_view state_reference,
                             const BranchPrefix& prefix) {
  if (event == "post-checkout" && arguments.size() >= 3 && arguments[2] == "0")
    return "only files were checked out";
  const bool names_references = has_reference_lines(event) || event == "post-update";
  if (!names_references) return "";
  const auto references = event == "post-update" ? arguments : moved_references(input);
  const bool only_ours = !references.empty() &&
                         std::all_of(references.begin(), references.end(), [&](const std::string& reference) {
                           return is_ours(reference, state_reference, prefix);
                         });
  return only_ours ? "only references of changelings moved" : "";
}

}  // namespace changeling::hooks
