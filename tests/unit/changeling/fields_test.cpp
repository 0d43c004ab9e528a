#include "changeling/fields.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <random>
#include <set>

#include "changeling/toml_file.hpp"
#include "sample_values.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

using namespace changeling;

namespace {

Layer layer_with(const std::string& key, const FieldValue& value) {
  Layer layer;
  layer.values[key] = value;
  return layer;
}

FieldValue written_and_read(const std::string& key, const FieldValue& value) {
  const std::string text = write_definition(layer_with(key, value));
  CAPTURE(text);
  const Layer layer = parse_definition(text, "round-trip.toml", "test");
  REQUIRE(layer.values.size() == 1);
  return layer.values.at(key);
}

}  // namespace

TEST_CASE("every field survives writing, reading and applying") {
  for (const FieldSpec& field : definition_fields()) {
    const std::string key(field.key);
    CAPTURE(key);
    const FieldValue value = sample_value(field);
    REQUIRE_NOTHROW(check_field(field, value));
    CHECK(written_and_read(key, value) == value);

    Definition definition;
    field.apply(value, definition);
    CHECK(field.read(definition) == value);

    // The sample differs from the default, so a field wired to the wrong member would show.
    CHECK(default_layer().values.at(key) != value);
  }
}

TEST_CASE("each field has its own member") {
  Definition definition;
  for (const FieldSpec& field : definition_fields()) field.apply(sample_value(field), definition);
  for (const FieldSpec& field : definition_fields()) {
    CAPTURE(field.key);
    CHECK(field.read(definition) == sample_value(field));
  }
}

TEST_CASE("keys and options are unique, documented and findable") {
  std::set<std::string_view> keys, options;
  for (const FieldSpec& field : definition_fields()) {
    CHECK(keys.insert(field.key).second);
    CHECK(options.insert(field.option).second);
    CHECK_FALSE(field.help.empty());
    CHECK((field.kind == FieldKind::Boolean) == field.value_name.empty());
    CHECK((field.kind == FieldKind::Choice) == !field.choices.empty());
    CHECK(find_field(field.key) == &field);
  }
  CHECK(find_field("name") == nullptr);
}

TEST_CASE("the defaults") {
  Definition definition;
  for (const FieldSpec& field : definition_fields()) {
    field.apply(default_layer().values.at(std::string(field.key)), definition);
  }
  CHECK(definition.agent == "claude");
  CHECK(definition.timezone == "UTC");
  CHECK(definition.timeout == std::chrono::minutes(30));
  CHECK(definition.silence_timeout == std::chrono::minutes(10));
  CHECK(definition.max_open_prs == 1);
  CHECK(definition.overlap == OverlapPolicy::Skip);
  CHECK(definition.catch_up == CatchUpPolicy::Last);
  CHECK(definition.output == OutputKind::PullRequest);
  CHECK(definition.sandbox == SandboxPolicy::Auto);
  CHECK(definition.enabled);
  CHECK_FALSE(definition.draft);
  CHECK(default_layer().origin == "default");
}

TEST_CASE("fields are written in the order of the table") {
  Layer layer;
  for (const FieldSpec& field : definition_fields())
    layer.values[std::string(field.key)] = sample_value(field);
  std::vector<std::string> written;
  for (const std::string& line : split_lines(write_definition(layer))) {
    const auto end = line.find(" = ");
    if (end != std::string::npos && find_field(line.substr(0, end)) != nullptr)
      written.push_back(line.substr(0, end));
  }
  std::vector<std::string> expected;
  for (const FieldSpec& field : definition_fields()) expected.emplace_back(field.key);
  CHECK(written == expected);
}

TEST_CASE("any text comes back as it was") {
  const std::vector<std::string> pieces = {"a", " ",    "\"",   "\"\"\"", "\\", "\\n", "\n", "\r\n", "\t",
                                           "'", "\x01", "\x7f", "é",      "语", "{",   "}",  "#",    "\r"};
  std::mt19937 random(20261120);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (auto length = random() % 12; length > 0; --length) text += pieces[random() % pieces.size()];
    CHECK(written_and_read("prompt", text) == FieldValue(text));
    if (!trim(text).empty()) {
      CHECK(written_and_read("verify", std::vector<std::string>{text, "true"}) ==
            FieldValue(std::vector<std::string>{text, "true"}));
    }
    CHECK(written_and_read("env", std::map<std::string, std::string>{{"A", text}}) ==
          FieldValue(std::map<std::string, std::string>{{"A", text}}));
  }
}

TEST_CASE("numbers come back as they were") {
  for (const double amount : {0.0, 5.0, 0.1, 2.50, 1e-9, 1e9, 123456.789}) {
    CHECK(written_and_read("budget", amount) == FieldValue(amount));
  }
  CHECK(written_and_read("max_turns", std::int64_t{9007199254740993}) ==
        FieldValue(std::int64_t{9007199254740993}));
}

TEST_CASE("the reference names every field") {
  std::ifstream file(CHANGELING_SOURCE_DIR "/docs/configuration.md");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  REQUIRE_FALSE(text.empty());
  for (const FieldSpec& field : definition_fields()) {
    CAPTURE(field.key);
    CHECK(text.find("| `" + std::string(field.key) + "` |") != std::string::npos);
    if (!field.option.empty()) CHECK(text.find("`--" + std::string(field.option)) != std::string::npos);
    for (const std::string_view choice : field.choices) {
      CHECK(text.find("`" + std::string(choice) + "`") != std::string::npos);
    }
  }
}
