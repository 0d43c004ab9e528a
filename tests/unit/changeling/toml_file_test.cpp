#include "changeling/toml_file.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;

namespace {

Error error_of(const std::string& text) {
  try {
    parse_changelings_file(text, ".changelings.toml");
  } catch (const Error& error) {
    return error;
  }
  FAIL("accepted: " << text);
  return Error(ErrorKind::Internal, "");
}

struct Mistake {
  std::string text;
  std::string message;  ///< How the message starts.
  std::string hint;
};

void check_mistakes(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    CAPTURE(mistake.text);
    const Error error = error_of(mistake.text);
    CHECK(error.kind() == ErrorKind::Invalid);
    const std::string message = error.what();
    CHECK(message.substr(0, mistake.message.size()) == mistake.message);
    if (!mistake.hint.empty()) CHECK(error.hint() == mistake.hint);
  }
}

const std::string head = "[changelings.x]\n";

}  // namespace

TEST_CASE("a whole file") {
  const ChangelingsFile file = parse_changelings_file(R"(
[changelings.typo-sprite]
template = "typo-sprite"
schedule = "0 3 * * 1-5"
timezone = "Europe/Berlin"
on       = ["post-merge"]
verify   = ["ctest --test-dir build"]
budget   = 3

[templates.our-troll]
description = "Ours"
prompt = "Do it."

[roles.reviewer]
agent  = "claude"
prompt = "Review the change named in the task."
interactive = true

[agents.codex]
command = ["codex", "exec", "--json", "{prompt}"]
env = { A = "b" }
pass_env = ["OPENAI_API_KEY"]

[agents.careful]
launcher = "claude"
command = ["claude", "--model", "opus"]
description = "Claude with a larger model"
)",
                                                      ".changelings.toml");
  REQUIRE(file.changelings.size() == 1);
  const Layer& layer = file.changelings.at("typo-sprite");
  CHECK(layer.origin == ".changelings.toml");
  CHECK(layer.location.describe() == ".changelings.toml:2:1");
  CHECK(layer.locations.at("schedule").describe() == ".changelings.toml:4:12");
  CHECK(layer.values.at("on") == FieldValue(std::vector<std::string>{"post-merge"}));
  CHECK(layer.values.at("budget") == FieldValue(3.0));
  CHECK(layer.values.size() == 6);

  REQUIRE(file.templates.size() == 1);
  CHECK(file.templates[0].name == "our-troll");
  CHECK(file.templates[0].layer.origin == "template our-troll in .changelings.toml");
  CHECK(file.templates[0].text == "description = \"Ours\"\nprompt = \"Do it.\"\n");

  CHECK(file.roles.at("reviewer").agent == "claude");
  CHECK(file.roles.at("reviewer").interactive);

  CHECK(file.agents.at("codex").launcher == LauncherKind::Command);
  CHECK(file.agents.at("codex").command.size() == 4);
  CHECK(file.agents.at("codex").environment.at("A") == "b");
  CHECK(file.agents.at("codex").pass_environment == std::vector<std::string>{"OPENAI_API_KEY"});
  // What is left out of a section stays as it is built in.
  CHECK(file.agents.at("codex").description == builtin_agent_types().at("codex").description);
  CHECK(file.agents.at("careful").launcher == LauncherKind::Claude);
  CHECK(file.agents.at("careful").pass_environment.empty());
  CHECK(file.agents.at("careful").input == AgentInput::Prompt);
  CHECK(parse_changelings_file("[agents.command]\ninput = \"lines\"\n", "f").agents.at("command").input ==
        AgentInput::Lines);
}

TEST_CASE("an empty file is a valid one") {
  const ChangelingsFile file = parse_changelings_file("# nothing yet\n", ".changelings.toml");
  CHECK(file.changelings.empty());
  CHECK(file.agents.empty());
}

TEST_CASE("unknown keys name the place, what is allowed and the nearest word") {
  check_mistakes({
      {head + "schedul = \"@daily\"\n",
       ".changelings.toml:2:1: changelings.x.schedul: unknown key; allowed are description, template, ",
       "did you mean \"schedule\"?"},
      {head + "title = \"t\"\n  label = [\"a\"]\n", ".changelings.toml:3:3: changelings.x.label: unknown key",
       "did you mean \"labels\"?"},
      {head + "paths = []\n", ".changelings.toml:2:1: changelings.x.paths: unknown key",
       "did you mean \"path\"?"},
      {head + "arg = []\n", ".changelings.toml:2:1: changelings.x.arg: unknown key",
       "did you mean \"args\"?"},
      {head + "triggers = []\n", ".changelings.toml:2:1: changelings.x.triggers: unknown key",
       "did you mean \"on\"?"},
      {head + "max-turns = 3\n", ".changelings.toml:2:1: changelings.x.max-turns: unknown key",
       "did you mean \"max_turns\"?"},
      {"[changeling.x]\n",
       ".changelings.toml:1:2: changeling: unknown key; allowed are changelings, templates, roles, agents",
       "did you mean \"changelings\"?"},
      {"schedule = \"@daily\"\n", ".changelings.toml:1:1: schedule: unknown key",
       "fields belong into a table such as [changelings.NAME]"},
      {"[roles.r]\npromt = \"x\"\n",
       ".changelings.toml:2:1: roles.r.promt: unknown key; allowed are agent, prompt, run, interactive, "
       "accept",
       "did you mean \"prompt\"?"},
      {"[agents.a]\ncommand = [\"x\"]\npassenv = []\n",
       ".changelings.toml:3:1: agents.a.passenv: unknown key; allowed are launcher, command, env, "
       "pass_env, input, network, sandbox_read, sandbox_write, description",
       "did you mean \"pass_env\"?"},
      {"[agents.a]\ncommand = [\"x\"]\nlauncher = \"claud\"\n",
       ".changelings.toml:3:12: agents.a.launcher: \"claud\" is not allowed; allowed are command, claude, "
       "mngr",
       "did you mean \"claude\"?"},
  });
}

TEST_CASE("a value of the wrong type says what is expected") {
  check_mistakes({
      {head + "schedule = 5\n",
       ".changelings.toml:2:12: changelings.x.schedule: must be a string, not an integer", ""},
      {head + "timeout = 30\n",
       ".changelings.toml:2:11: changelings.x.timeout: must be a duration such as \"15m\"", ""},
      {head + "max_turns = \"5\"\n",
       ".changelings.toml:2:13: changelings.x.max_turns: must be a whole number, not a string", ""},
      {head + "max_turns = 5.0\n",
       ".changelings.toml:2:13: changelings.x.max_turns: must be a whole number, not a number", ""},
      {head + "budget = \"5\"\n",
       ".changelings.toml:2:10: changelings.x.budget: must be an amount of US dollars", ""},
      {head + "draft = \"yes\"\n",
       ".changelings.toml:2:9: changelings.x.draft: must be true or false, not a string", ""},
      {head + "on = \"post-merge\"\n", ".changelings.toml:2:6: changelings.x.on: must be a list of strings",
       ""},
      {head + "verify = [\n  \"a\",\n  3,\n]\n",
       ".changelings.toml:4:3: changelings.x.verify: must be a list of strings, not an integer", ""},
      {head + "env = [\"A=b\"]\n", ".changelings.toml:2:7: changelings.x.env: must be a table of strings",
       ""},
      {head + "env = { A = 1 }\n",
       ".changelings.toml:2:13: changelings.x.env.A: must be a string, not an integer", ""},
      {head + "title = 2026-11-20\n",
       ".changelings.toml:2:9: changelings.x.title: must be a string, not a date or time", ""},
      {"changelings = 1\n", ".changelings.toml:1:15: changelings: must be a table, not an integer", ""},
      {"[changelings]\nx = 1\n", ".changelings.toml:2:5: changelings.x: must be a table, not an integer", ""},
      {"[roles.r]\ninteractive = 1\n", ".changelings.toml:2:15: roles.r.interactive: must be true or false",
       ""},
      {"[agents.a]\ncommand = \"x\"\n", ".changelings.toml:2:11: agents.a.command: must be a list of strings",
       ""},
  });
}

TEST_CASE("a value that is not allowed says what is") {
  check_mistakes({
      {head + "schedule = \"61 * * * *\"\n",
       ".changelings.toml:2:12: changelings.x.schedule: minute \"61\": 61 is out of range; allowed are 0 to "
       "59",
       ""},
      {head + "timezone = \"Europe/Berlim\"\n",
       ".changelings.toml:2:12: changelings.x.timezone: \"Europe/Berlim\" is not a time zone",
       "did you mean \"Europe/Berlin\"?"},
      {head + "timeout = \"soon\"\n", ".changelings.toml:2:11: changelings.x.timeout: ", ""},
      {head + "timeout = \"0s\"\n",
       ".changelings.toml:2:11: changelings.x.timeout: must be longer than nothing", ""},
      {head + "silence_timeout = \"-5m\"\n", ".changelings.toml:2:19: changelings.x.silence_timeout: ", ""},
      {head + "max_turns = -1\n", ".changelings.toml:2:13: changelings.x.max_turns: -1 is negative", ""},
      {head + "budget = -0.5\n", ".changelings.toml:2:10: changelings.x.budget: -0.5 is not an amount", ""},
      {head + "budget = nan\n", ".changelings.toml:2:10: changelings.x.budget: ", ""},
      {head + "budget = inf\n", ".changelings.toml:2:10: changelings.x.budget: ", ""},
      {head + "max_open_prs = 0\n", ".changelings.toml:2:16: changelings.x.max_open_prs: 0 is too small", ""},
      {head + "overlap = \"skipp\"\n",
       ".changelings.toml:2:11: changelings.x.overlap: \"skipp\" is not allowed; allowed are skip, queue, "
       "replace",
       "did you mean \"skip\"?"},
      {head + "catch_up = \"\"\n",
       ".changelings.toml:2:12: changelings.x.catch_up: \"\" is not allowed; allowed are none, last, all",
       ""},
      {head + "output = \"pr\"\n",
       ".changelings.toml:2:10: changelings.x.output: \"pr\" is not allowed; allowed are pull-request, "
       "issue, report",
       ""},
      {head + "sandbox = \"on\"\n",
       ".changelings.toml:2:11: changelings.x.sandbox: \"on\" is not allowed; allowed are off, auto, "
       "required",
       ""},
      {head + "on = [\"post-merged\"]\n",
       ".changelings.toml:2:6: changelings.x.on: \"post-merged\" is not an event; allowed are "
       "post-applypatch, post-checkout, ",
       "did you mean \"post-merge\"?"},
      {head + "on = [\"reference-transaction\"]\n",
       ".changelings.toml:2:6: changelings.x.on: \"reference-transaction\" is not an event", ""},
      {head + "on = [\"webhook:\"]\n",
       ".changelings.toml:2:6: changelings.x.on: \"webhook:\" is not an event: the webhook's name is empty",
       ""},
      {head + "branch = \"refs/heads/main\"\n",
       ".changelings.toml:2:10: changelings.x.branch: \"refs/heads/main\" is a full reference", ""},
      {head + "branch = \"a..b\"\n",
       ".changelings.toml:2:10: changelings.x.branch: \"a..b\" cannot be a branch", ""},
      {head + "path = [\"/etc/**\"]\n",
       ".changelings.toml:2:8: changelings.x.path: \"/etc/**\" is not relative", ""},
      {head + "copy = [\"../.env\"]\n",
       ".changelings.toml:2:8: changelings.x.copy: \"../.env\" leaves the repository", ""},
      {head + "copy = [\".git/config\"]\n",
       ".changelings.toml:2:8: changelings.x.copy: \".git/config\" points into", ""},
      {head + "env = { \"A B\" = \"c\" }\n",
       ".changelings.toml:2:7: changelings.x.env: \"A B\" is not the name of an environment variable", ""},
      {head + "env = { CHANGELING_RUN = \"c\" }\n",
       ".changelings.toml:2:7: changelings.x.env: \"CHANGELING_RUN\" is reserved", ""},
      {head + "secrets = [\"GITHUB_TOKEN\"]\n",
       ".changelings.toml:2:11: changelings.x.secrets: \"GITHUB_TOKEN\" holds push or forge credentials", ""},
      {head + "verify = [\" \"]\n", ".changelings.toml:2:10: changelings.x.verify: contains an empty string",
       ""},
      {head + "title = \"a\\nb\"\n", ".changelings.toml:2:9: changelings.x.title: must be a single line", ""},
      {head + "run = \"a\\u0000b\"\n", ".changelings.toml:2:7: changelings.x.run: contains a NUL character",
       ""},
      {head + "labels = [\"a,b\"]\n", ".changelings.toml:2:10: changelings.x.labels: \"a,b\" is not a label",
       ""},
      {head + "reviewers = [\"@alice\"]\n",
       ".changelings.toml:2:13: changelings.x.reviewers: \"@alice\" is not a user", ""},
      {head + "template = \"a b\"\n",
       ".changelings.toml:2:12: changelings.x.template: \"a b\" cannot be a name: it contains a space", ""},
      {"[agents.a]\n", ".changelings.toml:1:1: agents.a.command: is missing", ""},
      {"[agents.a]\ncommand = []\n", ".changelings.toml:2:11: agents.a.command: is empty", ""},
      {"[agents.a]\nlauncher = \"magic\"\n",
       ".changelings.toml:2:12: agents.a.launcher: \"magic\" is not allowed; allowed are command, claude, "
       "mngr",
       ""},
      {"[agents.a]\ncommand = [\"x\"]\ninput = \"words\"\n",
       ".changelings.toml:3:9: agents.a.input: \"words\" is not allowed; allowed are prompt, lines", ""},
      {"[agents.claude]\ninput = \"lines\"\n",
       ".changelings.toml:1:1: agents.claude.input: is for the launcher \"command\"", ""},
      {"[agents.claude]\nenv = { \"1\" = \"x\" }\n",
       ".changelings.toml:2:7: agents.claude.env: \"1\" is not the name", ""},
      {"[agents.claude]\npass_env = [\"GH_TOKEN\"]\n",
       ".changelings.toml:2:12: agents.claude.pass_env: \"GH_TOKEN\" holds push or forge credentials", ""},
      {"[templates.t]\ntemplate = \"fixme-fairy\"\n",
       ".changelings.toml:2:12: templates.t.template: a template cannot be made from another template", ""},
  });
}

TEST_CASE("the first mistake of a file is the one reported") {
  check_mistakes({
      {"[changelings.b]\nwrong = 1\n[changelings.a]\nworse = 1\n",
       ".changelings.toml:2:1: changelings.b.wrong", ""},
      {head + "verify = 1\nagent = 2\n", ".changelings.toml:2:10: changelings.x.verify", ""},
  });
}

TEST_CASE("what is not TOML is refused with its place") {
  check_mistakes({
      {head + "schedule = \n", ".changelings.toml:2:12: not TOML: ", ""},
      {head + "a = 1\na = 2\n", ".changelings.toml:3:5: not TOML: ", ""},
      {head + "prompt = \"\xff\"\n", ".changelings.toml:2:10: not TOML: ", ""},
      {"[changelings.x\n", ".changelings.toml:1:", ""},
  });
}

TEST_CASE("names follow the rules of references") {
  for (const char* name : {"a", "typo-sprite", "Größe", "v1.2_x", "a@b", "x+", "123"}) {
    CAPTURE(name);
    CHECK_NOTHROW(check_changeling_name(name));
  }
  CHECK_NOTHROW(check_changeling_name(std::string(64, 'a')));
  for (const char* name :
       {"",    "a b", "a/b", "-a",  ".a",   "a.",   "a..b",  "a@{b", "a.lock", "a~b", "a^b",
        "a:b", "a?b", "a*b", "a[b", "a\\b", "a\tb", "a\x7f", "@",    "\xff",   "a\nb"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(check_changeling_name(name), Error);
  }
  CHECK_THROWS_AS(check_changeling_name(std::string(65, 'a')), Error);
  check_mistakes({
      {"[changelings.ok]\n[changelings.\"a b\"]\n",
       ".changelings.toml:2:14: changelings: the name \"a b\" contains a space", ""},
      {"[roles.\"a/b\"]\n", ".changelings.toml:1:8: roles: the name \"a/b\" contains \"/\"", ""},
  });
}

TEST_CASE("a single definition has its fields at top level") {
  const Layer layer =
      parse_definition("prompt = \"x\"\nmax_turns = 3\n", "changelings/a.toml", "refs/changelings/state");
  CHECK(layer.origin == "refs/changelings/state");
  CHECK(layer.values.at("max_turns") == FieldValue(std::int64_t{3}));
  try {
    parse_definition("prompt = \"x\"\nnonsense = 3\n", "changelings/a.toml", "state");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).starts_with("changelings/a.toml:2:1: nonsense: unknown key"));
  }
  try {
    parse_definition("max_turns = -3\n", "changelings/a.toml", "state");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).starts_with("changelings/a.toml:1:13: max_turns: -3 is negative"));
  }
}
