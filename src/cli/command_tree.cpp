#include "cli/command_tree.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstring>
#include <map>

#include "cli/help_text.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr int exit_usage = 129;
constexpr std::string_view hidden_prefix = "__";

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    }
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_name().starts_with(hidden_prefix)) names.push_back(command->get_name());
  }
  return names;
}

const CLI::App& deepest_parsed(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : deepest_parsed(*parsed.back());
}

[[noreturn]] void refuse_word(const CLI::App& app, const std::string& word) {
  const bool is_option = word.starts_with('-') && word != "-";
  const std::string bare = word.substr(0, word.find('='));
  const bool wants_command = !is_option && !command_names(app).empty();
  const auto near = nearest(bare, is_option ? option_names(app) : command_names(app));
  const std::string_view kind = is_option ? "option" : wants_command ? "command" : "argument";
  throw Error(
      ErrorKind::Usage, fmt::format("'{}' does not know the {} '{}'", invocation(app), kind, bare),
      near ? fmt::format("did you mean '{}'?", *near) : fmt::format("see: {} --help", invocation(app)));
}

/// Whether the word stands before the command that was understood: "templtes list" is no argument of list.
bool comes_first(int argc, char** argv, const std::string& word, const CLI::App& command) {
  for (int index = 1; index < argc; ++index) {
    if (argv[index] == word) return true;
    if (argv[index] == command.get_name()) return false;
  }
  return false;
}

Json describe_option(const CLI::Option& option) {
  Json names = Json::array();
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  const bool takes_value = option.get_items_expected_max() > 0;
  Json choices = Json::array();
  std::string help = option.get_description();
  // Options with choices write them at the end of their help as "(a|b|c)", see add_choice in options.hpp.
  if (help.ends_with(')')) {
    const auto open = help.rfind('(');
    const std::string inside = help.substr(open + 1, help.size() - open - 2);
    if (inside.find('|') != std::string::npos && inside.find(' ') == std::string::npos) {
      choices = split(inside, '|');
      help = std::string(trim(help.substr(0, open)));
    }
  }
  return {{"names", names},
          {"value", takes_value ? Json(option.get_type_name()) : Json(nullptr)},
          {"help", help},
          {"choices", choices},
          {"repeatable", option.get_items_expected_max() > 1 ||
                             option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll}};
}

Json describe_app(const CLI::App& app, const std::vector<std::string>& path) {
  Json options = Json::array();
  Json positionals = Json::array();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    if (option->get_positional()) {
      positionals.push_back({{"name", option->get_name(true)},
                             {"help", option->get_description()},
                             {"required", option->get_required()},
                             {"repeatable", option->get_items_expected_max() > 1}});
    } else {
      options.push_back(describe_option(*option));
    }
  }
  Json children = Json::array();
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (child->get_name().starts_with(hidden_prefix)) continue;
    auto below = path;
    below.push_back(child->get_name());
    children.push_back(describe_app(*child, below));
  }
  return {{"path", path},       {"summary", app.get_description()}, {"description", app.get_footer()},
          {"options", options}, {"positionals", positionals},       {"commands", children}};
}

}  // namespace

struct CommandTree::State {
  CLI::App app{"Scheduled coding agents that belong to this repository", "git changeling"};
  GlobalOptions options;
  bool version = false;
  std::map<const CLI::App*, Action> actions;
};

CommandTree::CommandTree() : state_(std::make_unique<State>()) {
  CLI::App& app = state_->app;
  GlobalOptions& options = state_->options;
  app.fallthrough();
  app.set_help_flag("-h,--help", "Show help");
  app.add_option("-C", options.directories, "Run as if started in PATH")
      ->type_name("PATH")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  app.add_flag("-q,--quiet", options.quiet, "No progress and messages");
  app.add_flag("--no-pager", options.no_pager, "Never start a pager");
  app.add_flag("--json", options.json, "Answer and errors as JSON");
  app.add_flag("--version", state_->version, "Show the version");
  std::map<std::string_view, CLI::App*> groups;
  for (const GroupSpec& group : command_groups()) {
    groups[group.name] = app.add_subcommand(std::string(group.name), std::string(group.summary));
  }
  for (const CommandSpec& command : commands()) {
    const auto space = command.path.find(' ');
    CLI::App* parent = space == std::string_view::npos ? &app : groups.at(command.path.substr(0, space));
    const std::string name(space == std::string_view::npos ? command.path : command.path.substr(space + 1));
    CLI::App* made = parent->add_subcommand(name, std::string(command.summary));
    made->footer(std::string(command.description));
    if (name.starts_with(hidden_prefix)) made->group("");
    state_->actions[made] = command.declare(*made);
  }
}

CommandTree::~CommandTree() = default;

ParsedCommand CommandTree::parse(int argc, char** argv) {
  CLI::App& app = state_->app;
  ParsedCommand parsed;
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    parsed.help = help_text(deepest_parsed(app));
    return parsed;
  } catch (const CLI::ParseError& error) {
    const CLI::App& at = deepest_parsed(app);
    // A misspelt word is the better explanation, also for an argument that seems to be missing.
    const auto extra = app.remaining(true);
    if (!extra.empty()) refuse_word(comes_first(argc, argv, extra.front(), at) ? app : at, extra.front());
    throw Error(ErrorKind::Usage, error.what(), fmt::format("see: {} --help", invocation(at)));
  }
  parsed.options = state_->options;
  if (state_->version) {
    parsed.help = "git-changeling version " CHANGELING_VERSION "\n";
    return parsed;
  }
  const CLI::App& chosen = deepest_parsed(app);
  if (const auto action = state_->actions.find(&chosen); action != state_->actions.end()) {
    parsed.action = action->second;
    return parsed;
  }
  parsed.help = help_text(chosen);
  parsed.exit_code = exit_usage;
  return parsed;
}

Json CommandTree::describe() const {
  Json tree = describe_app(state_->app, {});
  tree["name"] = "git-changeling";
  tree["version"] = CHANGELING_VERSION;
  tree["description"] = state_->app.get_description();
  return tree;
}

bool wants_json(int argc, char** argv) {
  return std::any_of(argv, argv + argc, [](const char* word) { return std::strcmp(word, "--json") == 0; });
}

}  // namespace changeling::cli
