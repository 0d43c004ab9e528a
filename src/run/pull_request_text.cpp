#include "run/pull_request_text.hpp"

#include <fmt/format.h>

#include "forge/closing_words.hpp"
#include "support/terminal.hpp"
#include "support/text.hpp"
#include "support/visible_text.hpp"

namespace changeling::run {
namespace {

constexpr std::size_t longest_title = 120;

std::string_view without_heading_marks(std::string_view line) {
  line = trim(line);
  while (line.starts_with('#')) line.remove_prefix(1);
  return trim(line);
}

}  // namespace

WorkText describe_work(const std::string& file, const std::vector<git::CommitInfo>& own_commits,
                       const std::string& final_text) {
  WorkText text;
  if (const std::string_view written = trim(file); !written.empty()) {
    const auto end = written.find('\n');
    text.summary = without_heading_marks(written.substr(0, end));
    if (end != std::string_view::npos) text.description = trim(written.substr(end + 1));
    return text;
  }
  if (own_commits.size() == 1) {
    text.summary = own_commits.front().subject();
    const auto end = own_commits.front().message.find('\n');
    if (end != std::string::npos) text.description = trim(own_commits.front().message.substr(end));
  } else if (!own_commits.empty()) {
    text.summary = own_commits.front().subject();
    for (const git::CommitInfo& commit : own_commits)
      text.description += fmt::format("- {}\n", commit.subject());
  }
  const std::string_view words = trim(final_text);
  if (text.summary.empty()) text.summary = without_heading_marks(words.substr(0, words.find('\n')));
  if (text.description.empty()) text.description = words;
  return text;
}

std::string pull_request_title(const Definition& definition, const std::string& summary) {
  const std::string what = summary.empty() ? fmt::format("changes by {}", definition.name) : summary;
  const std::string pattern = definition.title.empty() ? "{summary}" : definition.title;
  const std::string fixed_part = pattern.substr(0, pattern.find('{'));
  const bool has_it = !fixed_part.empty() && to_lower(what).starts_with(to_lower(fixed_part));
  const std::string title =
      has_it ? what : expand_placeholders(pattern, {{"summary", what}, {"name", definition.name}});
  const std::string plain = forge::without_closing_words(without_invisible_characters(title));
  return truncated(without_controls(plain), longest_title);
}

}  // namespace changeling::run
