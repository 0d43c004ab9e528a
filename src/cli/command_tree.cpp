#include "cli/command_tree.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstring>
#include <map>

#include "cli/command_words.hpp"
#include "cli/help_text.hpp"
#include "cli/syntax.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr int exit_usage = 129;
constexpr std::string_view hidden_prefix = "__";

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
  struct Entry {
    Action action;
    Needs needs;
  };
  std::map<const CLI::App*, Entry> entries;
};

CommandTree::CommandTree() : state_(std::make_unique<State>()) {
  CLI::App& app = state_->app;
  GlobalOptions& options = state_->options;
  app.set_help_flag("-h,--help", "Show help");
  Syntax syntax(app);
  syntax.repeatable("-C", options.directories, "Run as if started in PATH").value_name("PATH");
  syntax.flag("-q,--quiet", options.quiet, "No progress and messages");
  syntax.flag("--no-pager", options.no_pager, "Never start a pager");
  syntax.flag("--json", options.json, "Answer and errors as JSON");
  syntax.flag("--version", state_->version, "Show the version");
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
    Syntax below(*made);
    state_->entries[made] = {command.declare(below), command.needs};
  }
}

CommandTree::~CommandTree() = default;

ParsedCommand CommandTree::parse(int argc, char** argv) {
  ParsedCommand parsed;
  const ReadWords read =
      read_words(state_->app, std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  parsed.options = state_->options;
  parsed.command = invocation(*read.command);
  const auto entry = state_->entries.find(read.command);
  if (read.wants_help) {
    parsed.help = help_text(*read.command);
  } else if (state_->version) {
    parsed.help = "git-changeling version " CHANGELING_VERSION "\n";
  } else if (entry != state_->entries.end()) {
    parsed.action = entry->second.action;
    parsed.needs = entry->second.needs;
  } else {
    parsed.help = help_text(*read.command);
    parsed.exit_code = exit_usage;
  }
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
  char** const end =
      std::find_if(argv, argv + argc, [](const char* word) { return std::strcmp(word, "--") == 0; });
  return std::any_of(argv, end, [](const char* word) { return std::strcmp(word, "--json") == 0; });
}

}  // namespace changeling::cli
