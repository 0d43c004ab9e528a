#include "cli/command_tree.hpp"
#include "cli/declarations.hpp"
#include "cli/described_lists.hpp"
#include "project/settings.hpp"
#include "support/json.hpp"

namespace changeling::cli {
namespace {

Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json describe_settings() {
  Json described = Json::array();
  for (const project::Setting& setting : project::settings()) {
    described.push_back({{"key", setting.key},
                         {"value", setting.value_name},
                         {"default", text_or_null(setting.fallback)},
                         {"otherwise", text_or_null(setting.otherwise)},
                         {"help", setting.sentence},
                         {"several", setting.several}});
  }
  return described;
}

}  // namespace

CommandSpec dump_command() {
  return {"__dump-cli", "The whole command tree, the settings and the lists of words, as JSON",
          "Man pages, completions and the reference are made from it.",
          [](Syntax&) -> Action {
            return [](Context&) {
              Json tree = CommandTree().describe();
              tree["settings"] = describe_settings();
              tree["lists"] = describe_lists();
              return Answer{tree, tree.dump(2) + "\n", 0};
            };
          },
          Needs::Nothing};
}

}  // namespace changeling::cli
