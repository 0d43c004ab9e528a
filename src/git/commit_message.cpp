#include "git/commit_message.hpp"

#include <fmt/format.h>

#include "support/text.hpp"
#include "support/visible_text.hpp"

namespace changeling::git {
namespace {

constexpr std::size_t longest_subject = 250;
constexpr std::string_view no_subject = "(no subject)";
/// An operation on many tasks names all of them.
constexpr std::size_t longest_value = 65'536;

}  // namespace

std::string message_line(std::string_view value, std::size_t most) {
  return first_letters(shown_as_text(trim(value), LineEnds::Written), most);
}

std::string commit_message(std::string_view subject, std::string_view body,
                           const std::vector<std::pair<std::string, std::string>>& trailers) {
  std::string message = message_line(subject, longest_subject);
  // Without a subject git would take the trailers for one.
  if (message.empty()) message = no_subject;
  message += "\n";
  if (!body.empty()) message += "\n" + without_controls(body) + "\n";
  std::string lines;
  for (const auto& [key, value] : trailers) {
    if (!trim(value).empty()) lines += fmt::format("{}: {}\n", key, message_line(value, longest_value));
  }
  return lines.empty() ? message : message + "\n" + lines;
}

}  // namespace changeling::git
