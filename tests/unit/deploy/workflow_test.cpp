#include "deploy/workflow.hpp"

#include <doctest/doctest.h>

#include "deploy/generated_file.hpp"
#include "deploy/place_name.hpp"
#include "deploy/plain_cron.hpp"
#include "deploy/quoting.hpp"
#include "samples.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::testing;
using deploy::Requirements;
using deploy::WorkflowSettings;

namespace {

WorkflowSettings settings() {
  WorkflowSettings values;
  values.state_reference = "refs/changelings/state";
  values.digest = std::string(64, 'a');
  return values;
}

std::string workflow(const Definition& definition, const WorkflowSettings& values = settings()) {
  return deploy::write_workflow(definition, deploy::requirements_of(definition, command_agent()), values);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The lines of the scripts: deeper than "run: |".
std::string scripts(const std::string& text) {
  std::string found;
  bool inside = false;
  for (std::size_t place = 0; place < text.size();) {
    const auto end = text.find('\n', place);
    const std::string line = text.substr(place, end - place);
    if (inside && line.starts_with("          ")) found += line + "\n";
    inside = line == "        run: |" || (inside && line.starts_with("          "));
    place = end + 1;
  }
  return found;
}

}  // namespace

TEST_CASE("a schedule is written in five fields that everybody reads alike") {
  CHECK(deploy::plain_cron("@daily") == "0 0 * * *");
  CHECK(deploy::plain_cron("@weekly") == "0 0 * * 0");
  CHECK(deploy::plain_cron(" 5\t4 * *  * ") == "5 4 * * *");
  CHECK(deploy::plain_cron("0 3 * jan-MAR mon-fri") == "0 3 * 1-3 1-5");
  CHECK(deploy::plain_cron("0 3 * * 7") == "0 3 * * 0");
  CHECK(deploy::plain_cron("0 3 * * 5-7") == "0 3 * * 0,5,6");
  CHECK(deploy::plain_cron("0 3 * * 1,7") == "0 3 * * 0,1");
  CHECK(deploy::plain_cron("0 3 * * 1-7/3") == "0 3 * * 0,1,4");
  CHECK(deploy::plain_cron("*/15 0-6 1,15 * *") == "*/15 0-6 1,15 * *");
  CHECK(deploy::plain_cron("0,30 6-12/2 1 jan-mar,dec *") == "0,30 6,8,10,12 1 1,2,3,12 *");
  for (const char* ours : {"H 3 * * *", "@every 5m", "0 3 L * *", "0 3 * * 1#2", "0 3 * *", "60 3 * * *"}) {
    CAPTURE(ours);
    CHECK_THROWS_AS(deploy::plain_cron(ours), Error);
  }
}

TEST_CASE("the shortest time between two starts") {
  using std::chrono::minutes;
  CHECK(deploy::shortest_gap("* * * * *") == minutes(1));
  CHECK(deploy::shortest_gap("*/5 * * * *") == minutes(5));
  CHECK(deploy::shortest_gap("0,58 * * * *") == minutes(2));
  CHECK(deploy::shortest_gap("0,58 3 * * *") == minutes(58));
  CHECK(deploy::shortest_gap("0 0 * * *") == minutes(24 * 60));
}

TEST_CASE("schedules finer than GitHub keeps are refused") {
  Definition definition = sample_definition();
  definition.schedule = "*/4 * * * *";
  CHECK_THROWS_WITH_AS(workflow(definition), doctest::Contains("every five minutes"), Error);
  definition.schedule = "*/5 * * * *";
  CHECK(has(workflow(definition), "    - cron: \"*/5 * * * *\"\n"));
}

TEST_CASE("the zone goes along, and UTC goes without saying") {
  Definition definition = sample_definition();
  definition.schedule = "@daily";
  CHECK_FALSE(has(workflow(definition), "timezone"));
  definition.timezone = "Europe/Berlin";
  CHECK(has(workflow(definition), "    - cron: \"0 0 * * *\"\n      timezone: \"Europe/Berlin\"\n"));
  definition.timezone = "local";
  CHECK_THROWS_WITH_AS(workflow(definition), doctest::Contains("local"), Error);
  definition.schedule = "";
  CHECK_FALSE(has(workflow(definition), "schedule:"));
}

TEST_CASE("permissions are the least that the output needs") {
  Definition definition = sample_definition();
  const std::string text = workflow(definition);
  CHECK(has(text, "\npermissions: {}\n"));
  CHECK(has(text, "    permissions:\n      contents: read\n      pull-requests: read\n"));
  CHECK(has(text, "    permissions:\n      contents: write\n      pull-requests: write\n"));
  CHECK_FALSE(has(text, "issues"));
  definition.output = OutputKind::Issue;
  CHECK(has(workflow(definition),
            "    permissions:\n      contents: write\n      issues: write\n      pull-requests: write\n"));
}

TEST_CASE("the job may take the agent's time and a margin") {
  Definition definition = sample_definition();
  definition.timeout = std::chrono::minutes(16);
  CHECK(has(workflow(definition), "timeout-minutes: 61\n"));
  definition.timeout = std::chrono::milliseconds(1);
  CHECK(has(workflow(definition), "timeout-minutes: 46\n"));
}

TEST_CASE("no expression and no value of the definition is inside a script") {
  Definition definition = sample_definition();
  definition.name = "$(touch${{secrets.X}}gone)'\"`id`";
  definition.secrets = {"A_SECRET"};
  WorkflowSettings values = settings();
  values.state_reference = "refs/heads/$(id)'";
  values.packages = {"codespell"};
  const std::string text = workflow(definition, values);
  const std::string inside = scripts(text);
  CHECK(has(inside, "git changeling run \"$CHANGELING\""));
  CHECK(has(inside, "git changeling publish \"$BEGUN_RUN\""));
  for (const char* foreign : {"${{", "touch", "$(id)", "A_SECRET", "codespell"})
    CHECK_FALSE(has(inside, foreign));
  CHECK(has(text, "CHANGELING: \"$(touch${{ '${{' }}secrets.X}}gone)'\\\"`id`\"\n"));
  CHECK(has(text, "A_SECRET: ${{ secrets.A_SECRET }}\n"));
}

TEST_CASE("every action is pinned by a whole commit id") {
  Definition definition = sample_definition();
  WorkflowSettings values = settings();
  for (const char* loose : {"me/git-changeling@v1", "me/git-changeling",
                            "git-changeling@"
                            "0123456789012345678901234567890123456789",
                            "me/x@0123456789012345678901234567890123456789 # ${{ 1 }}",
                            "../x@0123456789012345678901234567890123456789"}) {
    CAPTURE(loose);
    values.action = loose;
    CHECK_THROWS_AS(workflow(definition, values), Error);
  }
  values.action = "me/git-changeling@0123456789012345678901234567890123456789";
  const std::string text = workflow(definition, values);
  CHECK(has(text, "uses: " + values.action + " #"));
  CHECK(has(text, "uses: actions/checkout@"));
  CHECK_FALSE(has(text, "is not on the PATH"));
  CHECK(has(workflow(definition), "is not on the PATH"));
}

TEST_CASE("settings that cannot be are refused") {
  const Definition definition = sample_definition();
  const auto refused = [&](auto change) {
    WorkflowSettings values = settings();
    change(values);
    CHECK_THROWS_AS(workflow(definition, values), Error);
  };
  refused([](auto& values) { values.runner = "ubuntu\n  evil: 1"; });
  refused([](auto& values) { values.runner = ""; });
  refused([](auto& values) { values.token_secret = "GITHUB_TOKEN"; });
  refused([](auto& values) { values.token_secret = "A }} ${{"; });
  refused([](auto& values) { values.packages = {"--reinstall"}; });
  refused([](auto& values) { values.packages = {"a;b"}; });
}

TEST_CASE("the same definition is the same file") {
  CHECK(workflow(sample_definition()) == workflow(sample_definition()));
}

TEST_CASE("what an agent needs elsewhere") {
  Definition definition = sample_definition();
  const auto& types = builtin_agent_types();
  CHECK(deploy::requirements_of(definition, types.at("claude")).secrets ==
        std::vector<std::string>{"ANTHROPIC_API_KEY"});
  CHECK(deploy::requirements_of(definition, types.at("claude"))
            .agent_package.starts_with("@anthropic-ai/claude-code@"));
  CHECK(deploy::requirements_of(definition, types.at("codex")).secrets ==
        std::vector<std::string>{"CODEX_API_KEY"});
  definition.secrets = {"NPM_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"};
  CHECK(deploy::requirements_of(definition, types.at("claude")).secrets ==
        std::vector<std::string>{"CLAUDE_CODE_OAUTH_TOKEN", "NPM_TOKEN"});
  CHECK_THROWS_AS(deploy::requirements_of(definition, types.at("mngr")), Error);
  for (const char* taken :
       {"GITHUB_TOKEN", "github_x", "GIT_CONFIG_COUNT", "CHANGELING_DIGEST", "1ST", "A-B"}) {
    CAPTURE(taken);
    definition.secrets = {taken};
    CHECK_THROWS_AS(deploy::requirements_of(definition, command_agent()), Error);
  }
  definition.secrets.clear();
  definition.enabled = false;
  CHECK_THROWS_AS(deploy::requirements_of(definition, command_agent()), Error);
}

TEST_CASE("what will not be there is said") {
  Definition definition = sample_definition();
  CHECK(deploy::requirements_of(definition, command_agent()).warnings.empty());
  definition.copy = {".env"};
  definition.triggers = {"post-merge"};
  const auto warnings = deploy::requirements_of(definition, command_agent()).warnings;
  REQUIRE(warnings.size() == 2);
  CHECK(has(warnings[0], ".env"));
  CHECK(has(warnings[1], "post-merge"));
}

TEST_CASE("names that other places do not allow are rewritten, and never meet") {
  CHECK(deploy::place_name("typo-sprite", 64) == "typo-sprite");
  const std::string one = deploy::place_name("a&b", 64);
  const std::string other = deploy::place_name("a+b", 64);
  CHECK(one.starts_with("a-b-"));
  CHECK(one != other);
  CHECK(deploy::place_name(std::string(80, 'x'), 64).size() == 64);
  CHECK(deploy::place_name(std::string(80, 'x'), 64) != deploy::place_name(std::string(81, 'x'), 64));
}

TEST_CASE("quoted texts") {
  CHECK(deploy::yaml_text("plain") == "\"plain\"");
  CHECK(deploy::yaml_text("a\"b\\c\n\x7f") == "\"a\\\"b\\\\c\\x0a\\x7f\"");
  CHECK(deploy::yaml_text("\xc2\x85\xe2\x80\xa8\xef\xbb\xbf\xc3\xa4") == "\"\\x85\\u2028\\ufeff\xc3\xa4\"");
  CHECK(deploy::yaml_text("${{ x }}") == "\"${{ '${{' }} x }}\"");
  CHECK(deploy::yaml_text("\xff") == "\"\xef\xbf\xbd\"");
  CHECK(deploy::python_text("{x}${{'") == "\"{x}${{'\"");
  CHECK(deploy::indented("a\n\nb\n", 2) == "  a\n\n  b\n");
}
