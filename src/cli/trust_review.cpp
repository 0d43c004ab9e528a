#include "cli/trust_review.hpp"

#include <fmt/format.h>

#include "cli/confirmation.hpp"
#include "cli/diff_text.hpp"
#include "cli/output.hpp"
#include "support/text.hpp"

namespace changeling::cli {

std::string review_text(const project::Standing& standing, const Terminal& terminal) {
  const std::string label = styled(standing.subject.label(), Style::Bold, terminal.color);
  switch (standing.state) {
    case project::Standing::State::Trusted:
      return fmt::format("{} is trusted since {}.\n", label,
                         format_timestamp(standing.approval->approved_at));
    case project::Standing::State::Changed:
      return fmt::format("{} has changed since it was approved ({}):\n\n{}", label,
                         format_timestamp(standing.approval->approved_at),
                         colored_diff(project::difference(standing), terminal.color));
    case project::Standing::State::New:
      break;
  }
  std::string text = fmt::format("{} has not been approved on this machine. This would run:\n\n", label);
  for (const std::string& line : split_lines(standing.subject.text)) text += fmt::format("    {}\n", line);
  return text;
}

bool agrees(Context& context, const project::Standing& standing, std::string_view question) {
  if (!can_ask(context)) return false;
  // Asked for, so also with --quiet.
  tell_lines(review_text(standing, context.terminal()));
  return confirmed(fmt::format("\n{}", question));
}

}  // namespace changeling::cli
