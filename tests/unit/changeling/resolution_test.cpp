#include "changeling/resolution.hpp"

#include <doctest/doctest.h>

#include "changeling/toml_file.hpp"
#include "sample_values.hpp"
#include "support/error.hpp"

using namespace changeling;

namespace {

RankedLayer layer(SourceRank rank, const std::string& origin, const std::string& text) {
  return {rank, parse_definition(text, origin, origin)};
}

const std::string file_origin = ".changelings.toml";
const std::string state_origin = "refs/changelings/state";

Error error_of(std::vector<RankedLayer> layers, std::span<const Template> templates = {}) {
  try {
    resolve("x", std::move(layers), templates);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Invalid);
    return error;
  }
  FAIL("resolved");
  return Error(ErrorKind::Internal, "");
}

std::string message_of(std::vector<RankedLayer> layers) {
  return error_of(std::move(layers)).what();
}

}  // namespace

TEST_CASE("a stronger source replaces a value as a whole, whatever the order of the layers") {
  const Resolved resolved =
      resolve("x", {layer(SourceRank::CommandLine, "command line", "max_turns = 9\n"),
                    layer(SourceRank::RepositoryFile, file_origin,
                          "prompt = \"file\"\nverify = [\"a\", \"b\"]\nlabels = [\"l\"]\nmax_turns = 1\n"),
                    layer(SourceRank::StateRef, state_origin, "verify = [\"c\"]\nmax_turns = 2\n")});
  CHECK(resolved.definition.name == "x");
  CHECK(resolved.definition.prompt == "file");
  CHECK(resolved.definition.verify == std::vector<std::string>{"c"});
  CHECK(resolved.definition.max_turns == 9);
  CHECK(resolved.origins.at("prompt") == file_origin);
  CHECK(resolved.origins.at("verify") == state_origin);
  CHECK(resolved.origins.at("max_turns") == "command line");
  CHECK(resolved.origins.at("labels") == file_origin);
  CHECK(resolved.origins.at("timeout") == "default");
  CHECK(resolved.definition.timeout == std::chrono::minutes(30));
}

TEST_CASE("all ranks in their order, every field has an origin") {
  const std::vector<SourceRank> ranks = {SourceRank::Default,        SourceRank::UserDefaults,
                                         SourceRank::RepositoryFile, SourceRank::StateRef,
                                         SourceRank::UserOverrides,  SourceRank::CommandLine};
  for (std::size_t count = 1; count <= ranks.size(); ++count) {
    std::vector<RankedLayer> layers;
    for (std::size_t index = count; index-- > 0;) {
      const std::string number = std::to_string(index);
      layers.push_back(layer(ranks[index], "source " + number, "prompt = \"" + number + "\"\n"));
    }
    const Resolved resolved = resolve("x", layers);
    CHECK(resolved.definition.prompt == std::to_string(count - 1));
    CHECK(resolved.origins.at("prompt") == "source " + std::to_string(count - 1));
    CHECK(resolved.origins.size() == definition_fields().size());
  }
}

TEST_CASE("every field of a layer reaches the definition") {
  Layer everything;
  everything.origin = "command line";
  for (const FieldSpec& field : definition_fields())
    everything.values[std::string(field.key)] = sample_value(field);
  everything.values["template"] = std::string("fixme-fairy");
  everything.values["agent"] = std::string("command");
  const Resolved resolved = resolve("x", {{SourceRank::CommandLine, everything}});
  for (const FieldSpec& field : definition_fields()) {
    CAPTURE(field.key);
    CHECK(field.read(resolved.definition) == everything.values.at(std::string(field.key)));
    CHECK(resolved.origins.at(std::string(field.key)) == "command line");
  }
}

TEST_CASE("the source is the strongest one that defines the changeling") {
  const RankedLayer file = layer(SourceRank::RepositoryFile, file_origin, "prompt = \"p\"\n");
  const RankedLayer state = layer(SourceRank::StateRef, state_origin, "prompt = \"p\"\n");
  const RankedLayer overrides = layer(SourceRank::UserOverrides, "user", "max_turns = 1\n");
  const RankedLayer command_line = layer(SourceRank::CommandLine, "command line", "max_turns = 1\n");
  CHECK(resolve("x", {file}).source == "file");
  CHECK(resolve("x", {file, state}).source == "state");
  CHECK(resolve("x", {state, file, overrides}).source == "state");
  CHECK(resolve("x", {file, command_line}).source == "command-line");
}

TEST_CASE("a template gives defaults, between the program's own and everything else") {
  const Resolved resolved = resolve(
      "x", {layer(SourceRank::RepositoryFile, file_origin, "template = \"fixme-fairy\"\nbudget = 1\n")});
  const Template& fairy = find_template("fixme-fairy");
  CHECK(resolved.definition.prompt == std::get<std::string>(fairy.layer.values.at("prompt")));
  CHECK(resolved.origins.at("prompt") == "template fixme-fairy");
  CHECK(resolved.definition.budget_usd == 1);
  CHECK(resolved.origins.at("budget") == file_origin);
  CHECK(resolved.origins.at("template") == file_origin);
  CHECK(resolved.origins.at("overlap") == "default");

  // A stronger source can choose another template; the weaker one's template is then not looked at.
  const Resolved other =
      resolve("x", {layer(SourceRank::RepositoryFile, file_origin, "template = \"no-such\"\n"),
                    layer(SourceRank::StateRef, state_origin, "template = \"test-troll\"\n")});
  CHECK(other.origins.at("prompt") == "template test-troll");
}

TEST_CASE("the repository's own templates hide built-in ones") {
  const ChangelingsFile file = parse_changelings_file(
      "[templates.fixme-fairy]\nprompt = \"ours\"\n[templates.new]\nprompt = \"new\"\n", file_origin);
  const Resolved hidden = resolve(
      "x", {layer(SourceRank::StateRef, state_origin, "template = \"fixme-fairy\"\n")}, file.templates);
  CHECK(hidden.definition.prompt == "ours");
  CHECK(hidden.origins.at("prompt") == "template fixme-fairy in .changelings.toml");
  const Resolved added =
      resolve("x", {layer(SourceRank::StateRef, state_origin, "template = \"new\"\n")}, file.templates);
  CHECK(added.definition.prompt == "new");
}

TEST_CASE("run implies the command agent unless a source as strong names another") {
  const Resolved alone = resolve("x", {layer(SourceRank::StateRef, state_origin, "run = \"make tidy\"\n")});
  CHECK(alone.definition.agent == "command");
  CHECK(alone.origins.at("agent") == state_origin);

  // Over a template for a language model, run wins as well.
  const Resolved over_template = resolve(
      "x", {layer(SourceRank::StateRef, state_origin, "template = \"fixme-fairy\"\nrun = \"make tidy\"\n")});
  CHECK(over_template.definition.agent == "command");

  // A stronger agent takes the place of a weaker command line.
  const Resolved stronger =
      resolve("x", {layer(SourceRank::StateRef, state_origin,
                          "template = \"typo-sprite\"\nagent = \"claude\"\nprompt = \"p\"\n")});
  CHECK(stronger.definition.agent == "claude");
  CHECK(stronger.definition.command.empty());
  CHECK(stronger.origins.at("run") == state_origin);

  const Resolved both =
      resolve("x", {layer(SourceRank::StateRef, state_origin, "agent = \"command\"\nrun = \"make tidy\"\n")});
  CHECK(both.definition.command == "make tidy");

  CHECK(message_of({layer(SourceRank::StateRef, state_origin, "agent = \"claude\"\nrun = \"make\"\n")}) ==
        "changeling \"x\": run: agent \"claude\" takes no command line (from refs/changelings/state:2:7)");
}

TEST_CASE("what does not make sense as a whole is refused with its origin") {
  CHECK(message_of({}) == "changeling \"x\": agent: agent \"claude\" needs a prompt (from default)");
  CHECK(message_of({layer(SourceRank::StateRef, state_origin, "agent = \"command\"\nprompt = \"p\"\n")}) ==
        "changeling \"x\": agent: agent \"command\" needs a command line (from refs/changelings/state:1:9)");
  CHECK(
      message_of({layer(SourceRank::RepositoryFile, file_origin, "prompt = \"p\"\nagent = \"claud\"\n")})
          .starts_with(
              "changeling \"x\": agent: there is no agent type \"claud\"; there are claude, codex, command, "
              "gemini, mngr (from .changelings.toml:2:9)"));

  const Error unknown =
      error_of({layer(SourceRank::RepositoryFile, file_origin, "template = \"fixme-fary\"\n")});
  CHECK(
      std::string(unknown.what())
          .starts_with(
              "changeling \"x\": template: there is no template \"fixme-fary\"; there are code-custodian, "));
  CHECK(std::string(unknown.what()).ends_with("(from .changelings.toml:1:12)"));
  CHECK(unknown.hint() == "did you mean \"fixme-fairy\"?");

  Layer typed;
  typed.origin = "command line";
  typed.values["template"] = std::string("nonsense");
  CHECK(message_of({{SourceRank::CommandLine, typed}}).ends_with("(from command line)"));
  CHECK_THROWS_AS(resolve("a b", {layer(SourceRank::StateRef, state_origin, "prompt = \"p\"\n")}), Error);
}

TEST_CASE("the repository's own agent types are known") {
  const ChangelingsFile file = parse_changelings_file(
      "[agents.tidy]\ncommand = [\"tidy\"]\n[agents.model]\ncommand = [\"model\", \"{prompt}\"]\n",
      file_origin);
  const RankedLayer tidy = layer(SourceRank::StateRef, state_origin, "agent = \"tidy\"\n");
  CHECK(resolve("x", {tidy}, {}, file.agents).definition.agent == "tidy");
  CHECK_THROWS_AS(resolve("x", {tidy}), Error);
  // An agent whose command line has a place for the prompt needs one.
  CHECK_THROWS_AS(
      resolve("x", {layer(SourceRank::StateRef, state_origin, "agent = \"model\"\n")}, {}, file.agents),
      Error);
}
