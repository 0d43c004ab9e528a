#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/overview_text.hpp"
#include "cli/syntax.hpp"
#include "cli/user_repositories.hpp"
#include "triggers/timer_notice.hpp"
#include "view/damage.hpp"
#include "view/overview.hpp"

namespace changeling::cli {
namespace {

Answer list(Context& context) {
  const auto overviews = triggers::load_overviews(context).changelings;
  Answer answer;
  answer.json = {{"changelings", Json::array()}, {"damaged", view::to_json(context.damage())}};
  for (const triggers::ChangelingOverview& overview : overviews)
    answer.json["changelings"].push_back(view::to_json(overview));
  if (overviews.empty() && !context.damage().noted().empty()) return answer;
  if (overviews.empty()) {
    context.message("no changelings yet; add one: git changeling add typo-sprite");
    return answer;
  }
  const std::string timer = triggers::timer_problem(context, overviews);
  answer.json["timer_problem"] = timer.empty() ? Json(nullptr) : Json(timer);
  answer.text = overviews_table(overviews, context.terminal(), context.clock().now()) +
                held_back_notice(overviews) + untrusted_notice(overviews, context.terminal()) +
                (timer.empty() ? "" : fmt::format("\n{}\n", timer));
  return answer;
}

Answer list_all(Context& context) {
  Answer answer;
  answer.json = {{"changelings", Json::array()}};
  const Terminal& terminal = context.terminal();
  in_each_repository(context, [&](Context& there) {
    const auto overviews = triggers::load_overviews(there).changelings;
    for (const triggers::ChangelingOverview& overview : overviews) {
      Json json = view::to_json(overview);
      json["repository"] = there.repository().common_directory().string();
      answer.json["changelings"].push_back(std::move(json));
    }
    if (overviews.empty()) return;
    answer.text += fmt::format("{}{}\n", answer.text.empty() ? "" : "\n",
                               styled(there.repository().display_name(), Style::Bold, terminal.color));
    answer.text += overviews_table(overviews, terminal, context.clock().now()) + held_back_notice(overviews) +
                   untrusted_notice(overviews, terminal);
  });
  if (answer.text.empty()) context.message("no registered repository has changelings");
  return answer;
}

}  // namespace

CommandSpec list_command() {
  return {"list", "List the changelings of this repository", "",
          [](Syntax& syntax) -> Action {
            auto all = std::make_shared<bool>(false);
            syntax.flag("--all-repositories", *all, "Of all registered repositories");
            return [all](Context& context) {
              if (*all) return list_all(context);
              context.require_state();
              return list(context);
            };
          },
          Needs::Nothing};
}

}  // namespace changeling::cli
