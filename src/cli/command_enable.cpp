#include <fmt/format.h>

#include <set>

#include "cli/confirmation.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/halt_answer.hpp"
#include "cli/syntax.hpp"
#include "project/hook_subscriptions.hpp"
#include "project/write_definition.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "view/definition.hpp"

namespace changeling::cli {
namespace {

Answer set_enabled(Context& context, const std::vector<std::string>& names, bool enabled) {
  const project::DefinitionSet set = project::DefinitionSet::load(context);
  for (const std::string& name : names) static_cast<void>(set.resolve(name));
  Answer answer;
  answer.json = {{"changelings", Json::array()}};
  std::set<std::string> hooks;
  for (const std::string& name : names) {
    const project::Written written = project::write_definition(
        context, name, project::Expectation::Present, enabled ? "enable" : "disable", [&](Layer layer) {
          layer.values["enabled"] = enabled;
          return layer;
        });
    answer.json["changelings"].push_back(view::to_json(written.resolved.definition));
    answer.text += fmt::format("{} {}\n", enabled ? "Enabled" : "Disabled", without_controls(name));
    hooks.merge(project::hooks_to_install(context, written.resolved.definition));
  }
  answer.next = project::next_for_hooks(hooks);
  return answer;
}

struct SwitchOrder {
  std::vector<std::string> names;
  bool all = false;
  std::string reason;
};

void check(const SwitchOrder& order, std::string_view command) {
  if (order.all == order.names.empty()) return;
  throw Error(ErrorKind::Usage,
              order.all ? "--all and names exclude each other" : "names of changelings, or --all, are needed",
              fmt::format("for example: git changeling {} typo-sprite", command));
}

std::shared_ptr<SwitchOrder> declare_order(Syntax& syntax, const char* all_help) {
  auto order = std::make_shared<SwitchOrder>();
  syntax.words("names", order->names, "Names of changelings").value_name("NAME");
  syntax.flag("--all", order->all, all_help);
  return order;
}

Answer remove(Context& context, const std::vector<std::string>& names, bool yes) {
  context.require_state();
  const project::DefinitionSet set = project::DefinitionSet::load(context);
  for (const std::string& name : names) project::require_removable(set, name);
  if (!agreed(context, yes, fmt::format("this removes the definition of {}", join(names, ", ")),
              fmt::format("git changeling remove {} --yes", join(names, " "))))
    return {{{"removed", Json::array()}}, "", 1};
  Answer answer;
  answer.json = {{"removed", names}};
  for (const std::string& name : names) {
    project::remove_definition(context, name);
    answer.text += fmt::format("Removed {}\n", name);
  }
  return answer;
}

}  // namespace

CommandSpec enable_command() {
  return {"enable", "Let schedules and events start changelings again",
          "With --all it takes back git changeling disable --all; changelings that were disabled one by one "
          "stay so.",
          [](Syntax& syntax) -> Action {
            auto order = declare_order(syntax, "Switch on again what disable --all has switched off");
            return [order](Context& context) {
              check(*order, "enable");
              return order->all ? switch_everything_on(context) : set_enabled(context, order->names, true);
            };
          }};
}

CommandSpec disable_command() {
  return {
      "disable", "Keep schedules and events from starting changelings",
      "A disabled changeling keeps its definition and its history. You can still run it by hand.\n\n"
      "With --all everything is switched off, runs by hand and workers included, and runs under way are "
      "stopped: here at once, on other machines after their next sync. The same does, on one machine, git "
      "config changeling.disabled true, or a file changelings/disabled in the git folder.",
      [](Syntax& syntax) -> Action {
        auto order = declare_order(syntax, "Switch everything off, on every machine");
        syntax.value("--reason", order->reason, "With --all: why, for those who find it switched off")
            .value_name("TEXT");
        return [order](Context& context) {
          check(*order, "disable");
          return order->all ? switch_everything_off(context, order->reason)
                            : set_enabled(context, order->names, false);
        };
      }};
}

CommandSpec remove_command() {
  return {"remove", "Remove changelings",
          "Removes definitions from the state. Their runs and pull requests stay. It asks first; without a "
          "terminal it needs --yes.",
          [](Syntax& syntax) -> Action {
            auto names = std::make_shared<std::vector<std::string>>();
            auto yes = std::make_shared<bool>(false);
            syntax.words("names", *names, "Names of changelings").value_name("NAME").required();
            syntax.flag("-y,--yes", *yes, "Do not ask");
            return [names, yes](Context& context) { return remove(context, *names, *yes); };
          }};
}

}  // namespace changeling::cli
