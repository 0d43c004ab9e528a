#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "cli/command_sections.hpp"
#include "cli/command_tree.hpp"
#include "support/error.hpp"

using changeling::Error;
using changeling::ErrorKind;
using changeling::Json;
using changeling::cli::CommandTree;
using changeling::cli::ParsedCommand;

namespace {

using Words = std::vector<std::string>;

ParsedCommand parse(Words words) {
  words.insert(words.begin(), "git-changeling");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  return CommandTree().parse(static_cast<int>(arguments.size()), arguments.data());
}

/// The message and the hint of a refusal.
std::string refusal(const Words& words) {
  try {
    return "understood as " + parse(words).command;
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Usage);
    return std::string(error.what()) + "\n" + error.hint();
  }
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Every command of the tree that is no group.
void each_command(const Json& tree, const std::function<void(const Json&)>& visit) {
  for (const Json& command : tree.at("commands")) {
    if (command.at("commands").empty()) visit(command);
    each_command(command, visit);
  }
}

Words names_of_commands(const Json& tree) {
  Words names;
  for (const Json& command : tree.at("commands")) {
    names.push_back(command.at("path").back().get<std::string>());
    for (const std::string& name : names_of_commands(command)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string typed(const Json& command) {
  std::string words = "git changeling";
  for (const Json& word : command.at("path")) words += " " + word.get<std::string>();
  return words;
}

/// Whether these words mean this command, or nothing.
void check_meaning(const Words& words, const std::string& command) {
  try {
    const ParsedCommand parsed = parse(words);
    CAPTURE(words);
    CHECK(parsed.command == command);
  } catch (const Error& error) {
    CAPTURE(words);
    CHECK(error.kind() == ErrorKind::Usage);
  }
}

}  // namespace

TEST_CASE("the name of a command is a word like any other behind a command") {
  const Json tree = CommandTree().describe();
  const Words names = names_of_commands(tree);
  REQUIRE(names.size() > 50);
  std::size_t turn = 0;
  each_command(tree, [&](const Json& command) {
    const Words path = command.at("path").get<Words>();
    // Each name as an argument, behind as many words as the command needs, and far behind all it can take.
    for (std::size_t before = 0; before <= 2; ++before) {
      Words words = path;
      words.insert(words.end(), before, "word");
      words.push_back(names[turn++ % names.size()]);
      check_meaning(words, typed(command));
    }
    Words all = path;
    all.insert(all.end(), names.begin(), names.end());
    check_meaning(all, typed(command));
    // Each option that takes a value, with the value being a name, and a name behind the value.
    for (const Json& option : command.at("options")) {
      if (option.at("value").is_null()) continue;
      Words words = path;
      words.push_back(option.at("names").back().get<std::string>());
      words.push_back(names[turn++ % names.size()]);
      check_meaning(words, typed(command));
      words.push_back(names[turn++ % names.size()]);
      check_meaning(words, typed(command));
    }
  });
}

TEST_CASE("every command that people see is in one section of the help") {
  std::multiset<std::string> sorted;
  for (const auto& section : changeling::cli::command_sections())
    for (const std::string_view name : section.names) sorted.emplace(name);
  std::multiset<std::string> known;
  const Json tree = CommandTree().describe();
  for (const Json& command : tree.at("commands")) known.insert(command.at("path").front().get<std::string>());
  CHECK(sorted == known);
  const std::string help = parse({"help"}).help;
  CHECK(help.find("\nRuns and review:\n") < help.find("\nService:\n"));
}

TEST_CASE("what other tools call help, version, ls, rm and new means the same here") {
  CHECK(parse({"help", "task", "add"}).help == parse({"task", "add", "--help"}).help);
  CHECK(parse({"help"}).help == parse({"--help"}).help);
  CHECK(parse({"version"}).help == parse({"--version"}).help);
  CHECK(parse({"-C", "somewhere", "ls"}).command == "git changeling list");
  CHECK(parse({"rm", "sprite"}).command == "git changeling remove");
  CHECK(parse({"new", "sprite"}).command == "git changeling add");
  CHECK(parse({"add", "ls"}).command == "git changeling add");
}

TEST_CASE("every name is a word for a command that takes any text") {
  for (const std::string& name : names_of_commands(CommandTree().describe())) {
    check_meaning({"task", "add", name}, "git changeling task add");
    check_meaning({"add", "x", "--prompt", name}, "git changeling add");
    CHECK(parse({"task", "add", name}).command == "git changeling task add");
    CHECK(parse({"send", "run", name}).command == "git changeling send");
  }
}

TEST_CASE("too many words are refused, and the way to quote them is shown") {
  CHECK(holds(refusal({"task", "add", "Fix", "undo"}), "git changeling task add 'Fix undo'"));
  CHECK(holds(refusal({"add", "p", "--prompt", "Fix", "the", "failing", "test", "--draft"}),
              "--prompt 'Fix the failing test'"));
  CHECK(holds(refusal({"add", "--prompt", "Fix", "the", "failing", "test"}),
              "--prompt 'Fix the failing test'"));
  CHECK(holds(refusal({"add", "--prompt=Fix", "the", "test"}), "--prompt 'Fix the test'"));
  CHECK(holds(refusal({"send", "r1", "please", "add", "a", "test"}),
              "git changeling send r1 'please add a test'"));
  CHECK(holds(refusal({"status", "remove", "a"}), "'git changeling status' takes no words"));
  CHECK(holds(refusal({"task", "add", "--", "-a", "--json"}), "'-a --json'"));
}

TEST_CASE("words that never belong together are not to be quoted") {
  CHECK(holds(refusal({"task", "show", "abcd2345", "bcde2345"}),
              "one at a time: git changeling task show abcd2345"));
  CHECK(holds(refusal({"task", "add", "x", "--label", "bug", "ui", "--role", "r"}),
              "repeat the option: --label bug --label ui"));
  CHECK(holds(refusal({"task", "add", "x", "--priority", "high", "now"}),
              "see: git changeling task add --help"));
  CHECK(holds(refusal({"task", "renew", "abcd2345", "--lease", "5", "minutes"}),
              "see: git changeling task renew --help"));
  CHECK(holds(refusal({"add", "p", "--schedule", "0", "9", "*"}), "--schedule '0 9 *'"));
}

TEST_CASE("the help says what may be repeated") {
  CHECK(holds(parse({"task", "add", "--help"}).help, "A label; may be repeated"));
  CHECK_FALSE(holds(parse({"task", "claim", "--help"}).help, "or of none;"));
}

TEST_CASE("an option takes one value, and a list takes the option again") {
  CHECK(parse({"add", "--label", "x", "p2", "--run", "true"}).command == "git changeling add");
  CHECK(parse({"add", "--on", "post-merge", "--on", "post-commit", "p2"}).action);
  CHECK(holds(refusal({"add", "p", "--on", "post-merge", "post-commit"}), "'post-commit' is too much"));
  CHECK(holds(refusal({"task", "claim", "--role", "a", "--role", "b"}), "--role is given twice"));
  CHECK(holds(refusal({"add", "p", "--prompt"}), "--prompt needs a value"));
  CHECK(holds(refusal({"list", "--json=yes"}), "--json takes no value"));
}

TEST_CASE("an empty word is no id, name or file") {
  for (const Words& words :
       {Words{"log", "--run", ""}, Words{"log", "--task="}, Words{"runs", "list", "--changeling", ""},
        Words{"runs", "list", ""}, Words{"show", ""}, Words{"task", "claim", "--role", ""},
        Words{"task", "claim", "--as", ""}, Words{"work", "--source", ""}, Words{"run", "x", "--id", ""},
        Words{"add", "x", "--prompt-file", ""}, Words{"runs", "list", "--since", ""}}) {
    CAPTURE(words);
    CHECK(holds(refusal(words), "is empty; leave it out, or give "));
  }
  CHECK(holds(refusal({"log", "--run", ""}), "--run is empty; leave it out, or give ID"));
}

TEST_CASE("an empty word is a text, empties a list and takes a field away") {
  for (const Words& words :
       {Words{"task", "release", "x", "--reason", ""}, Words{"task", "edit", "x", "--role", ""},
        Words{"task", "edit", "x", "--gate", ""}, Words{"update", "x", "--label", "", "--timezone", ""}}) {
    CAPTURE(words);
    CHECK(parse(words).action);
  }
}

TEST_CASE("what every command takes is taken before and behind it") {
  for (const Words& words :
       {Words{"--json", "-q", "-C", "x", "list"}, Words{"list", "--json", "-qC", "x"},
        Words{"runs", "--json", "list", "-qCx"}, Words{"-Cx", "runs", "-q", "list", "--json"}}) {
    CAPTURE(words);
    const ParsedCommand parsed = parse(words);
    CHECK(parsed.options.json);
    CHECK(parsed.options.quiet);
    CHECK(parsed.options.directories == Words{"x"});
  }
  CHECK(parse({"-C", "a", "list", "-C", "b"}).options.directories == Words{"a", "b"});
}

TEST_CASE("behind -- nothing is an option") {
  CHECK(parse({"task", "add", "--", "--json"}).command == "git changeling task add");
  CHECK_FALSE(parse({"task", "add", "--", "--json"}).options.json);
  CHECK(parse({"task", "add", "--", "--"}).action);
  CHECK(parse({"task", "add", "- a point of a list"}).action);
  CHECK(holds(refusal({"task", "add", "-5 degrees"}), "put '--' before"));
  CHECK(holds(refusal({"task", "add", "-x marks the spot"}), "stands behind '--'"));
  for (const char* number : {"-1", "-0.5", "-.5"}) {
    CAPTURE(number);
    CHECK(
        holds(refusal({"config", "set", "autopack", number}),
              std::string("put '--' before what begins with '-': git changeling config set … -- ") + number));
  }
  CHECK_FALSE(holds(refusal({"config", "set", "autopack", "--1"}), "put '--'"));
}

TEST_CASE("help is shown for the command before it, whatever else is missing") {
  CHECK(holds(parse({"task", "complete", "-h"}).help, "usage: git changeling task complete"));
  CHECK(holds(parse({"--help"}).help, "usage: git changeling [<options>] <command>"));
  CHECK(parse({"task", "--help"}).exit_code == 0);
  CHECK(parse({"task"}).exit_code == 129);
  CHECK(parse({}).exit_code == 129);
}

TEST_CASE("a value that is no number is told in a sentence") {
  const std::string huge(309, '9');
  for (const Words& words : {Words{"runs", "list", "-n", huge}, Words{"task", "list", "--offset", huge},
                             Words{"events", "--since", "-" + huge}, Words{"dispatch", "-n" + huge}}) {
    const std::string text = refusal(words);
    CHECK(holds(text, "a whole number"));
    CHECK(text.size() < 160);
  }
  CHECK(holds(refusal({"runs", "list", "-n", "0x10"}), "'0x10' is no number"));
  CHECK(holds(refusal({"work", "--parallel", "65"}), "a whole number from 1 to 64"));
  CHECK(holds(refusal({"runs", "list", "-n", ""}), "'' is no number"));
}
