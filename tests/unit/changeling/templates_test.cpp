#include "changeling/templates.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "changeling/resolution.hpp"
#include "changeling/toml_file.hpp"
#include "support/error.hpp"

using namespace changeling;

namespace {

Resolved resolve_from_template(const std::string& name) {
  Layer layer;
  layer.origin = "refs/changelings/state";
  layer.values["template"] = name;
  return resolve(name, {{SourceRank::StateRef, layer}});
}

std::vector<Template> builtin_templates() {
  std::vector<Template> templates;
  for (const std::string& name : builtin_template_names()) templates.push_back(find_template(name));
  return templates;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("the nine templates are built in, sorted, and parse to what their text says") {
  std::vector<std::string> names;
  for (const Template& entry : builtin_templates()) {
    CAPTURE(entry.name);
    names.push_back(entry.name);
    CHECK(entry.layer.origin == "template " + entry.name);
    CHECK(entry.text.starts_with("# " + entry.name + ":"));
    CHECK(parse_definition(entry.text, "text", "text").values == entry.layer.values);
    REQUIRE(entry.layer.values.count("description") == 1);
    CHECK(FieldValue(describe_builtin_template(entry.name)) == entry.layer.values.at("description"));
    CHECK(entry.layer.values.count("title") == 1);
    CHECK(entry.layer.values.count("template") == 0);
  }
  CHECK(names == std::vector<std::string>{"code-custodian", "coverage-hunter", "doc-reporter",
                                          "docstring-reporter", "fixme-fairy", "issue-fixer",
                                          "security-reporter", "test-troll", "typo-sprite"});
}

TEST_CASE("each template resolves to something that can run, with limits") {
  for (const Template& entry : builtin_templates()) {
    CAPTURE(entry.name);
    const Definition definition = resolve_from_template(entry.name).definition;
    CHECK(definition.timeout <= std::chrono::hours(1));
    CHECK(contains(definition.title, "{summary}"));
    if (definition.agent == "command") continue;
    CHECK(definition.agent == "claude");
    CHECK(definition.budget_usd > 0);
    CHECK(definition.max_turns > 0);
    CHECK_FALSE(definition.permissions.empty());
    CHECK(contains(definition.prompt, "CHANGELING_ARTIFACTS"));
  }
}

TEST_CASE(
    "templates that change code tell the agent how to hand in a pull request, reporters may not change any") {
  for (const Template& entry : builtin_templates()) {
    CAPTURE(entry.name);
    const Definition definition = resolve_from_template(entry.name).definition;
    const auto permitted = [&](std::string_view tool) {
      return std::find(definition.permissions.begin(), definition.permissions.end(), tool) !=
             definition.permissions.end();
    };
    if (entry.name.ends_with("-reporter")) {
      CHECK(definition.output == OutputKind::Report);
      CHECK(contains(definition.prompt, "report.md"));
      std::string one_line = definition.prompt;
      std::replace(one_line.begin(), one_line.end(), '\n', ' ');
      CHECK(contains(one_line, "change no file of the repository"));
      CHECK_FALSE(permitted("Edit"));
      CHECK_FALSE(permitted("Bash"));
      CHECK_FALSE(permitted("Bash(git commit *)"));
    } else if (entry.name != "typo-sprite") {
      CHECK(definition.output == OutputKind::PullRequest);
      CHECK(contains(definition.prompt, "$CHANGELING_ARTIFACTS/pull-request.md"));
      CHECK(permitted("Edit"));
      CHECK(permitted("Bash"));
    }
  }
}

TEST_CASE("the security reporter has no way to publish") {
  const Definition definition = resolve_from_template("security-reporter").definition;
  CHECK(definition.output == OutputKind::Report);
  CHECK(definition.labels.empty());
  for (const std::string& permission : definition.permissions) {
    CAPTURE(permission);
    CHECK_FALSE(contains(permission, "Web"));
    CHECK_FALSE(contains(permission, "gh "));
    CHECK_FALSE(contains(permission, "push"));
  }
}

TEST_CASE("the fixme-fairy knows the form of the comments") {
  const std::string prompt = resolve_from_template("fixme-fairy").definition.prompt;
  CHECK(contains(prompt, "FIXME(priority)[attempts=N]:"));
  CHECK(contains(prompt, R"(git grep -nE 'FIXME(\([a-z]+\))?(\[attempts=[0-9]+\])?:')"));
}

TEST_CASE("an unknown template names the nearest one") {
  try {
    find_template("typo-sprit");
    FAIL("found");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::NotFound);
    CHECK(error.hint() == "did you mean \"typo-sprite\"?");
  }
}

TEST_CASE("the documentation has a paragraph for each template") {
  std::ifstream file(CHANGELING_SOURCE_DIR "/docs/templates.md");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  for (const Template& entry : builtin_templates()) {
    CAPTURE(entry.name);
    CHECK(contains(text, "\n**" + entry.name + "** "));
  }
}
