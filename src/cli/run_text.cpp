#include "cli/run_text.hpp"

#include <fmt/format.h>

#include "run/reference_guard.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

std::string labelled(std::string_view label, std::string_view text, const Terminal& terminal) {
  return fmt::format("  {} {}\n", styled(fmt::format("{:<9}", label), Style::Dim, terminal.color), text);
}

std::string one_line(std::string_view text) {
  return std::string(trim(text.substr(0, text.find('\n'))));
}

std::int64_t total(const store::TokenUsage& tokens) {
  return tokens.input + tokens.output + tokens.cache_read + tokens.cache_write;
}

std::string verification_lines(const store::RunRecord& run, const Terminal& terminal) {
  std::string lines;
  for (const store::VerificationResult& result : run.verification) {
    const std::string mark =
        result.passed ? styled("passed", Style::Green, terminal.color)
                      : styled(fmt::format("exit {}", result.exit_code), Style::Red, terminal.color);
    lines += labelled("verified",
                      fmt::format("{}  {} ({})", mark, without_controls(result.command),
                                  describe_duration(result.duration)),
                      terminal);
    if (result.passed) continue;
    for (const std::string& line : split_lines(last_part(result.output, 1500)))
      lines += "            " + without_controls(line) + "\n";
  }
  return lines;
}

}  // namespace

std::string request_note(const store::RunRecord& run) {
  if (!run.pull_request || run.pull_request->state == "open" || run.pull_request->state.empty()) return "";
  return fmt::format(" ({})", run.pull_request->state);
}

Style outcome_style(const store::RunRecord& run, Timestamp now) {
  if (is_presumed_dead(run, now)) return Style::Red;
  if (!run.outcome) return Style::Cyan;
  if (*run.outcome == store::Outcome::NoChanges) return Style::Plain;
  return is_success(*run.outcome) ? Style::Green : Style::Red;
}

std::string money(const std::optional<double>& usd) {
  return usd ? fmt::format("${:.2f}", *usd) : "-";
}

std::string compact_count(std::int64_t count) {
  if (count < 1000) return std::to_string(count);
  if (count < 1'000'000) return fmt::format("{:.1f}k", static_cast<double>(count) / 1e3);
  return fmt::format("{:.1f}M", static_cast<double>(count) / 1e6);
}

std::string byte_count(std::uint64_t bytes) {
  constexpr std::string_view units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < std::size(units); ++unit) size /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", size, units[unit]);
}

std::string usage_text(const run::Progress& progress) {
  std::vector<std::string> parts;
  if (progress.turns)
    parts.push_back(fmt::format("{} turn{}", *progress.turns, *progress.turns == 1 ? "" : "s"));
  if (progress.tokens) parts.push_back(compact_count(total(*progress.tokens)) + " tokens");
  if (progress.cost_usd) parts.push_back(money(progress.cost_usd));
  return join(parts, " · ");
}

std::string runs_table(const std::vector<store::RunRecord>& runs, const Terminal& terminal, Timestamp now) {
  std::vector<std::vector<TableCell>> rows{{{"RUN", Style::Dim},
                                            {"CHANGELING", Style::Dim},
                                            {"OUTCOME", Style::Dim},
                                            {"STARTED", Style::Dim},
                                            {"TOOK", Style::Dim},
                                            {"COST", Style::Dim},
                                            {"RESULT", Style::Dim}}};
  for (const store::RunRecord& run : runs) {
    std::string result = run.error.empty() ? run.summary : run.error;
    if (run.pull_request)
      result = fmt::format("#{}{} {}", run.pull_request->number, request_note(run), result);
    rows.push_back(
        {{run.id, Style::Yellow},
         {run.changeling},
         {store::run_state(run, now), outcome_style(run, now)},
         {describe_relative(run.started_at, now)},
         {run.duration ? describe_duration(*run.duration) : describe_duration(now - run.started_at)},
         {money(run.cost_usd)},
         {one_line(result)}});
  }
  return format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                      terminal.color);
}

std::string run_details(const store::RunRecord& run, const Terminal& terminal, Timestamp now) {
  std::string text = fmt::format(
      "{} {}  run {} of {}\n", styled("●", outcome_style(run, now), terminal.color),
      styled(without_controls(store::run_state(run, now)), outcome_style(run, now), terminal.color), run.id,
      without_controls(run.changeling));
  const auto add = [&](std::string_view label, const std::string& value) {
    // Much of it is what agents say.
    if (!value.empty()) text += labelled(label, without_controls(value), terminal);
  };
  add("error", run.error);
  if (run.pull_request) {
    add("request", fmt::format("#{} ({})  {}", run.pull_request->number, run.pull_request->state,
                               run.pull_request->url));
  }
  add("summary", one_line(run.summary));
  add("target", run.target);
  add("report", run.report_url);
  if (!run.branch.empty()) add("branch", fmt::format("{} at {}", run.branch, run.head.substr(0, 10)));
  text += verification_lines(run, terminal);
  for (const std::string& tool : run.refused) add("refused", tool);
  for (const store::MovedReference& moved : run.moved_refs) add("moved", changeling::run::describe(moved));
  add("walls", describe(run.walls));
  add("kept out", join(run.walls.refused, ", "));
  run::Progress totals{run.turns, run.tokens, run.cost_usd, ""};
  const std::string usage = usage_text(totals);
  add("agent", usage.empty() ? run.agent : run.agent + " · " + usage);
  add("session", run.session_id);
  const std::string trigger =
      run.scheduled_for ? fmt::format("{} for {}", run.trigger, format_timestamp(*run.scheduled_for))
                        : run.trigger;
  add("started", fmt::format("{} by {} ({})", describe_relative(run.started_at, now), run.actor, trigger));
  if (run.duration) add("took", describe_duration(*run.duration));
  if (!run.retry_of.empty()) add("retry of", run.retry_of);
  add("overrides", join(run.overrides, ", "));
  if (is_presumed_dead(run, now))
    add("lost", fmt::format("{} was to end it by {}", run.host, format_timestamp(expiry_of(run))));
  return text;
}

}  // namespace changeling::cli
