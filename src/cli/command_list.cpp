#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/changeling_overview.hpp"
#include "cli/declarations.hpp"

namespace changeling::cli {
namespace {

Answer list(Context& context) {
  const auto overviews = load_overviews(context);
  Answer answer;
  answer.json = {{"changelings", Json::array()}, {"damaged", context.damage().to_json()}};
  for (const ChangelingOverview& overview : overviews)
    answer.json["changelings"].push_back(to_json(overview));
  if (overviews.empty() && !context.damage().to_json().empty()) return answer;
  if (overviews.empty()) {
    context.message(context.store().exists() ? "no changelings yet; add one: git changeling add typo-sprite"
                                             : "no changelings yet; start with: git changeling init");
    return answer;
  }
  answer.text = overviews_table(overviews, context.terminal(), context.clock().now()) +
                untrusted_notice(overviews, context.terminal());
  return answer;
}

}  // namespace

CommandSpec list_command() {
  return {"list", "List the changelings of this repository", "", [](CLI::App&) -> Action { return list; }};
}

}  // namespace changeling::cli
