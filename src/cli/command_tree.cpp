#include "cli/command_tree.hpp"

#include "cli/command_sections.hpp"

#include <algorithm>
#include <cstring>

#include "cli/command_words.hpp"
#include "cli/help_text.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr int exit_usage = 129;

Json describe_option(const Option& option) {
  Json choices = Json::array();
  std::string help = option.help();
  // Options with choices write them at the end of their help as "(a|b|c)", see add_choice in options.hpp.
  if (help.ends_with(')')) {
    const auto open = help.rfind('(');
    const std::string inside = help.substr(open + 1, help.size() - open - 2);
    if (inside.find('|') != std::string::npos && inside.find(' ') == std::string::npos) {
      choices = split(inside, '|');
      help = std::string(trim(help.substr(0, open)));
    }
  }
  return {{"names", option.names()},
          {"value", option.takes_value() ? Json(option.value_name()) : Json(nullptr)},
          {"help", help},
          {"choices", choices},
          {"repeatable", option.takes_many() || option.may_be_repeated()}};
}

Json describe_level(CommandTree& tree, CommandLevel& level) {
  Json options = Json::array();
  Json positionals = Json::array();
  for (const Option& option : level.syntax.options()) {
    if (option.is_argument()) {
      positionals.push_back({{"name", option.name()},
                             {"help", option.help()},
                             {"required", option.is_required()},
                             {"repeatable", option.takes_many()}});
    } else {
      options.push_back(describe_option(option));
    }
  }
  Json children = Json::array();
  for (const CommandName& below : tree.names_below(level)) {
    if (!below.is_hidden()) children.push_back(describe_level(tree, *tree.enter(level, below.name)));
  }
  return {{"path", level.path}, {"summary", level.summary},   {"description", level.description},
          {"options", options}, {"positionals", positionals}, {"commands", children}};
}

/// "runs" of "runs list", nothing of "list".
std::string_view group_of(std::string_view path) {
  const auto space = path.find(' ');
  return space == std::string_view::npos ? std::string_view() : path.substr(0, space);
}

std::string_view last_word(std::string_view path) {
  return path.substr(path.rfind(' ') + 1);
}

}  // namespace

std::string CommandLevel::invocation() const {
  return path.empty() ? "git changeling" : "git changeling " + join(path, " ");
}

struct CommandTree::State {
  GlobalOptions options;
  bool version = false;
  CommandLevel root;
  std::vector<std::unique_ptr<CommandLevel>> entered;
};

CommandTree::CommandTree() : state_(std::make_unique<State>()) {
  GlobalOptions& options = state_->options;
  state_->root.summary = "Scheduled coding agents that belong to this repository";
  Syntax& syntax = state_->root.syntax;
  syntax.repeatable("-C", options.directories, "Run as if started in PATH").value_name("PATH");
  syntax.flag("-q,--quiet", options.quiet, "No progress and messages");
  syntax.flag("--no-pager", options.no_pager, "Never start a pager");
  syntax.flag("--json", options.json, "Answer and errors as JSON");
  syntax.flag("--version", state_->version, "Show the version");
}

CommandTree::~CommandTree() = default;

CommandLevel& CommandTree::root() {
  return state_->root;
}

std::vector<CommandName> CommandTree::names_below(const CommandLevel& level) const {
  std::vector<CommandName> names;
  if (level.action) return names;
  if (level.path.empty()) {
    for (const GroupSpec& group : command_groups()) names.push_back({group.name, group.summary});
  }
  const std::string_view within = level.path.empty() ? std::string_view() : level.path.front();
  for (const CommandSpec& command : commands()) {
    if (group_of(command.path) == within) names.push_back({last_word(command.path), command.summary});
  }
  return names;
}

CommandLevel* CommandTree::enter(CommandLevel& level, std::string_view name) {
  if (name.find(' ') != std::string_view::npos) return nullptr;
  auto made = std::make_unique<CommandLevel>();
  made->path = level.path;
  made->path.emplace_back(name);
  made->above = &level;
  const std::string path = join(made->path, " ");
  const auto groups = command_groups();
  const auto group =
      std::find_if(groups.begin(), groups.end(), [&](const GroupSpec& one) { return one.name == path; });
  const auto all = commands();
  const auto command =
      std::find_if(all.begin(), all.end(), [&](const CommandSpec& one) { return one.path == path; });
  if (group != groups.end()) {
    made->summary = group->summary;
  } else if (command != all.end()) {
    made->summary = command->summary;
    made->description = command->description;
    made->needs = command->needs;
    made->action = command->declare(made->syntax);
  } else {
    return nullptr;
  }
  return state_->entered.emplace_back(std::move(made)).get();
}

ParsedCommand CommandTree::parse(int argc, char** argv) {
  ParsedCommand parsed;
  const ReadWords read =
      read_words(*this, with_usual_words(std::vector<std::string>(argv + std::min(argc, 1), argv + argc)));
  parsed.options = state_->options;
  parsed.command = read.level->invocation();
  if (read.wants_help) {
    parsed.help = help_text(*this, *read.level);
  } else if (state_->version) {
    parsed.help = "git-changeling version " CHANGELING_VERSION "\n";
  } else if (read.level->action) {
    parsed.action = read.level->action;
    parsed.needs = read.level->needs;
  } else {
    parsed.help = help_text(*this, *read.level);
    parsed.exit_code = exit_usage;
  }
  return parsed;
}

Json CommandTree::describe() {
  Json tree = describe_level(*this, state_->root);
  tree["name"] = "git-changeling";
  tree["version"] = CHANGELING_VERSION;
  tree["description"] = state_->root.summary;
  for (const CommandSection& section : command_sections())
    tree["sections"].push_back({{"title", section.title}, {"names", section.names}});
  return tree;
}

bool wants_json(int argc, char** argv) {
  char** const end =
      std::find_if(argv, argv + argc, [](const char* word) { return std::strcmp(word, "--") == 0; });
  return std::any_of(argv, end, [](const char* word) { return std::strcmp(word, "--json") == 0; });
}

}  // namespace changeling::cli
