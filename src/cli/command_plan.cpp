#include <fmt/format.h>

#include <algorithm>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/user_repositories.hpp"
#include "project/halt.hpp"
#include "project/start_limits.hpp"
#include "schedule/local_time.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "triggers/plan.hpp"
#include "triggers/timer_notice.hpp"
#include "view/plan.hpp"

namespace changeling::cli {
namespace {

struct PlanOrder {
  std::int64_t days = 7;
  bool all_repositories = false;
};

/// Beyond so many times a day one line stands for all of them.
constexpr std::size_t most_lines = 6;

std::string usd(double amount) {
  return fmt::format("${:.2f}", amount);
}

std::string expectation_text(const triggers::PlannedRuns& planned) {
  if (!planned.obstacle.empty()) return planned.obstacle;
  std::vector<std::string> parts;
  if (planned.expected.duration) parts.push_back("about " + describe_duration(*planned.expected.duration));
  if (planned.expected.cost_usd) parts.push_back(usd(*planned.expected.cost_usd));
  return parts.empty() ? "never run" : join(parts, ", ") + (planned.times.size() > 1 ? " each" : "");
}

std::string time_text(const triggers::PlannedRuns& planned) {
  const auto clock = [](Timestamp time) { return schedule::local_time_of_day(time, "local"); };
  if (planned.times.size() > most_lines) {
    return fmt::format("{}-{}, {} times", clock(planned.times.front()), clock(planned.times.back()),
                       planned.times.size());
  }
  std::vector<std::string> all;
  for (const Timestamp time : planned.times) all.push_back(clock(time));
  return join(all, " ");
}

std::string summary(const triggers::PlannedSum& sum) {
  std::string text = fmt::format("{} run{}", sum.runs, sum.runs == 1 ? "" : "s");
  if (sum.duration > Duration(0)) text += ", about " + describe_duration(sum.duration);
  if (sum.cost_usd > 0) text += fmt::format(", {}{}", sum.cost_known ? "" : "at least ", usd(sum.cost_usd));
  return text;
}

/// One heading a day with its sum, and a line for each changeling.
class Calendar {
 public:
  Calendar(const Terminal& terminal, std::optional<double> cap, bool with_repository)
      : terminal_(terminal), cap_(cap), with_repository_(with_repository) {}

  void add(const triggers::PlannedRuns& planned) {
    if (planned.date != date_) finish_day();
    date_ = planned.date;
    day_.add(planned);
    total_.add(planned);
    std::vector<TableCell> row{{"  " + time_text(planned)}, {planned.changeling, Style::Bold}};
    if (with_repository_) row.push_back({planned.repository_name});
    row.push_back({expectation_text(planned), planned.obstacle.empty() ? Style::Plain : Style::Yellow});
    rows_.push_back(std::move(row));
  }

  std::string finish() {
    finish_day();
    return text_ + fmt::format("{}: {}\n", styled("Together", Style::Bold, terminal_.color), summary(total_));
  }

 private:
  void finish_day() {
    if (rows_.empty()) return;
    std::string line = summary(day_);
    if (cap_ && day_.cost_usd > *cap_)
      line += styled(fmt::format(", more than the cap of {} a day", usd(*cap_)), Style::Red, terminal_.color);
    text_ +=
        fmt::format("{}  {}\n", styled(schedule::describe_date(date_), Style::Bold, terminal_.color), line);
    text_ += format_table(std::exchange(rows_, {}),
                          terminal_.output_is_terminal ? static_cast<std::size_t>(terminal_.width) : 0,
                          terminal_.color) +
             "\n";
    day_ = {};
  }

  const Terminal& terminal_;
  std::optional<double> cap_;
  bool with_repository_;
  std::string date_;
  std::vector<std::vector<TableCell>> rows_;
  std::string text_;
  triggers::PlannedSum day_;
  triggers::PlannedSum total_;
};

Answer plan(Context& context, const PlanOrder& order) {
  const Timestamp from = context.clock().now();
  const Timestamp until = from + std::chrono::days(order.days);
  std::vector<triggers::PlannedRuns> planned;
  std::optional<double> cap;
  if (order.all_repositories) {
    in_each_repository(context, [&](Context& there) {
      const auto more = triggers::plan_repository(there, from, until);
      planned.insert(planned.end(), more.begin(), more.end());
    });
    std::stable_sort(planned.begin(), planned.end(),
                     [](const triggers::PlannedRuns& one, const triggers::PlannedRuns& two) {
                       return std::tie(one.date, one.times.front()) < std::tie(two.date, two.times.front());
                     });
  } else {
    context.require_state();
    planned = triggers::plan_repository(context, from, until);
    const auto halt = project::find_halt(context.repository(), context.places(), context.snapshot());
    if (halt) context.message(fmt::format("{}; to undo: {}", halt->reason, halt->undo));
    cap = project::start_limits(context.repository()).caps.repository_day;
  }
  Calendar calendar(context.terminal(), cap, order.all_repositories);
  for (const triggers::PlannedRuns& runs : planned) calendar.add(runs);
  const std::string text = calendar.finish();
  Answer answer{view::to_json(planned, from, until), planned.empty() ? "" : text, 0};
  // What runs elsewhere needs no timer here.
  const bool here = std::any_of(planned.begin(), planned.end(), [](const triggers::PlannedRuns& runs) {
    return !runs.obstacle.starts_with("runs on ");
  });
  const std::string timer = here && !order.all_repositories ? triggers::timer_problem(context) : "";
  answer.json["timer_problem"] = timer.empty() ? Json(nullptr) : Json(timer);
  if (!timer.empty()) answer.text += fmt::format("\n{}\n", timer);
  if (planned.empty()) context.message("no enabled changeling has a time in these days");
  return answer;
}

}  // namespace

CommandSpec plan_command() {
  return {
      "plan", "Show what schedules will run in the coming days, and what that may cost",
      "One line for each changeling and day, by this machine's clock. Durations and costs are medians of the "
      "last ten runs; what has never run counts as nothing in the sums.",
      [](Syntax& syntax) -> Action {
        auto order = std::make_shared<PlanOrder>();
        syntax.number("--days", order->days, "For so many days, 1 to 31 (default: 7)", 1, 31).value_name("N");
        syntax.flag("--all-repositories", order->all_repositories, "Of all registered repositories");
        return [order](Context& context) { return plan(context, *order); };
      },
      Needs::Nothing};
}

}  // namespace changeling::cli
