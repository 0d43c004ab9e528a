#include "changeling/approval_subject.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "changeling/field_checks.hpp"
#include "changeling/fields.hpp"
#include "changeling/record_fields.hpp"
#include "changeling/resolution.hpp"
#include "sample_values.hpp"

using namespace changeling;

namespace {

const std::string repository = "0123456789abcdef";

Definition example() {
  Layer layer{".changelings.toml", {}, {}, {}};
  layer.values["run"] = std::string("make fix");
  return resolve("x", {{SourceRank::RepositoryFile, layer}}).definition;
}

AgentType agent_type() {
  return builtin_agent_types().at("command");
}

std::string digest(const Definition& definition, const AgentType& agent = agent_type()) {
  return approval_digest(repository, approval_subject(definition, agent));
}

std::string prompt_text(const std::string& prompt) {
  return approval_subject(RoleDefinition{"r", "", prompt, false}, AgentType{}).text;
}

}  // namespace

TEST_CASE("every field of a definition that decides what is done changes the digest") {
  std::set<std::string> digests{digest(example())};
  for (const FieldSpec& field : definition_fields()) {
    CAPTURE(field.key);
    Definition changed = example();
    field.apply(sample_value(field), changed);
    CHECK(digests.insert(digest(changed)).second == (field.key != "enabled"));
  }
}

TEST_CASE("a field that is younger than approvals revokes none at its default") {
  Definition definition = example();
  CHECK(approval_subject(definition, agent_type()).text.find("refusals") == std::string::npos);
  definition.refusals = RefusalPolicy::Fail;
  CHECK(approval_subject(definition, agent_type()).text.find("refusals: fail\n") != std::string::npos);
}

namespace {

/// Another value than any that a record has by itself, and that the field's check accepts.
template <typename Record>
FieldValue other_value(const RecordField<Record>& field) {
  switch (field.kind) {
    case FieldKind::Boolean:
      return true;
    case FieldKind::TextList:
      if (field.check == field_checks::helper_names) return std::vector<std::string>{"some-other"};
      return std::vector<std::string>{"SOME_OTHER"};
    case FieldKind::TextMap:
      return std::map<std::string, std::string>{{"OTHER", "value"}};
    default:
      return std::string(field.choices.empty() ? "some other text" : field.choices.back());
  }
}

}  // namespace

TEST_CASE("no member of a role or an agent type is missing in its table") {
  // A member that is added makes these lines fail to compile; then it gets a row, or is named here.
  const RoleDefinition role{};
  [[maybe_unused]] const auto& [role_name, agent, prompt, interactive, command, accept, agents, skills,
                                equipment, locations] = role;
  CHECK(role_fields().size() == 10 - 3);  // Without the name, the locations, and what agents and skills name.
  const AgentType type{};
  [[maybe_unused]] const auto& [name, launcher, words, input, environment, pass_environment, network, reads,
                                writes, description] = type;
  CHECK(agent_fields().size() == 10 - 1);  // Without the name.
}

TEST_CASE("every field of an agent type that decides what runs changes the digest") {
  std::set<std::string> digests{digest(example())};
  for (const auto& field : agent_fields()) {
    CAPTURE(field.key);
    AgentType changed = agent_type();
    field.apply(other_value(field), changed);
    CHECK(digests.insert(digest(example(), changed)).second == (field.approved != Approved::Never));
    CHECK(field.read(changed) == other_value(field));
  }
}

TEST_CASE("every field of a role changes the digest") {
  std::set<std::string> texts{approval_subject(RoleDefinition{}, agent_type()).text};
  for (const auto& field : role_fields()) {
    CAPTURE(field.key);
    RoleDefinition changed;
    field.apply(other_value(field), changed);
    CHECK(texts.insert(approval_subject(changed, agent_type()).text).second);
    CHECK(parse_role(write_role(changed), "role.toml", "").agent == changed.agent);
    CHECK(field.read(parse_role(write_role(changed), "role.toml", "")) == other_value(field));
  }
}

TEST_CASE("every byte of a sub-agent and of a skill is part of the text, and of none other") {
  Subagent subagent;
  subagent.name = "reader";
  subagent.description = "Reads";
  subagent.instructions = "Read.";
  Definition with = example();
  with.equipment.agents = {subagent};
  with.equipment.skills = {make_skill("review", "How", "Look.")};
  std::set<std::string> digests{digest(example()), digest(with)};
  const auto is_new = [&](const std::function<void(Equipment&)>& change) {
    Definition changed = with;
    change(changed.equipment);
    return digests.insert(digest(changed)).second;
  };
  CHECK(is_new([](Equipment& one) { one.agents.front().instructions = "Write."; }));
  CHECK(is_new([](Equipment& one) { one.agents.front().skills = {"review"}; }));
  CHECK(is_new([](Equipment& one) { one.agents.front().name = "writer"; }));
  CHECK(is_new([](Equipment& one) { one.agents.clear(); }));
  CHECK(is_new([](Equipment& one) { one.skills.front().files["SKILL.md"] += "And more.\n"; }));
  CHECK(is_new([](Equipment& one) { one.skills.front().files["run.sh"] = "true\n"; }));
  CHECK(is_new([](Equipment& one) { one.skills.front().files["run.sh"] = "false\n"; }));
  CHECK(is_new([](Equipment& one) { one.skills.front().files["run.sh"] = ""; }));
  CHECK(is_new([](Equipment& one) { one.skills.front().files["sub/run.sh"] = "true\n"; }));
  CHECK(is_new([](Equipment& one) { one.missing = {"there is no skill 'x'"}; }));
}

TEST_CASE("the same holds of a role, and neither without any has changed") {
  RoleDefinition role;
  role.name = "r";
  const std::string before = approval_subject(role, agent_type()).text;
  CHECK(before.find("skill") == std::string::npos);
  CHECK(approval_subject(example(), agent_type()).text.find("skill") == std::string::npos);
  role.equipment.skills = {make_skill("review", "How", "Look.")};
  CHECK(approval_subject(role, agent_type()).text.find("skill review/SKILL.md: |\n  ---\n") !=
        std::string::npos);
}

TEST_CASE("what was approved before agents had an input stays approved") {
  AgentType agent = agent_type();
  CHECK(approval_subject(agent).text.find("agent_input") == std::string::npos);
  agent.input = AgentInput::Lines;
  CHECK(approval_subject(agent).text.find("agent_input: lines\n") != std::string::npos);
}

TEST_CASE("everything about how the agent runs changes the digest") {
  std::set<std::string> digests{digest(example())};
  const auto changes = [&](void (*change)(AgentType&)) {
    AgentType agent = agent_type();
    change(agent);
    return digests.insert(digest(example(), agent)).second;
  };
  CHECK(changes([](AgentType& agent) { agent.launcher = LauncherKind::Claude; }));
  CHECK(changes([](AgentType& agent) { agent.command = {"sh", "-c", "evil"}; }));
  CHECK(changes([](AgentType& agent) { agent.command = {"sh", "-c evil"}; }));
  CHECK(changes([](AgentType& agent) { agent.environment["LD_PRELOAD"] = "evil.so"; }));
  CHECK(changes([](AgentType& agent) { agent.pass_environment = {"SECRET"}; }));
}

TEST_CASE("repository, kind and name belong to the digest") {
  const ApprovalSubject subject = approval_subject(example(), agent_type());
  const std::string own = approval_digest(repository, subject);
  CHECK(portable_digest(subject) != own);
  CHECK(portable_digest(subject) != portable_digest({subject.kind, "y", subject.text}));
  CHECK(own.size() == 64);
  CHECK(own != approval_digest("0123456789abcdee", subject));
  CHECK(own != approval_digest(repository, {ApprovalSubject::Kind::Role, subject.name, subject.text}));
  CHECK(own != approval_digest(repository, {subject.kind, "y", subject.text}));
  CHECK(own == approval_digest(repository, approval_subject(example(), agent_type())));
}

TEST_CASE("roles by their agent, prompt and way of working") {
  const RoleDefinition role{"reviewer", "claude", "Review it.", false};
  std::set<std::string> texts;
  const auto is_new = [&](const RoleDefinition& changed) {
    return texts.insert(approval_subject(changed, builtin_agent_types().at("claude")).text).second;
  };
  CHECK(is_new(role));
  CHECK_FALSE(is_new(role));
  CHECK(is_new({"reviewer", "codex", "Review it.", false}));
  CHECK(is_new({"reviewer", "claude", "Review it!", false}));
  CHECK(is_new({"reviewer", "claude", "Review it.", true}));
  CHECK(is_new({"reviewer", "claude", "Review it.", true, "make"}));
  CHECK(approval_subject(role, builtin_agent_types().at("claude")).label() == "role:reviewer");
}

TEST_CASE("the order in which a table was written does not matter, that of a list does") {
  Definition one = example();
  Definition two = example();
  one.environment = {{"A", "1"}, {"B", "2"}};
  two.environment = {{"B", "2"}, {"A", "1"}};
  CHECK(digest(one) == digest(two));
  one.verify = {"make", "make test"};
  two.verify = {"make test", "make"};
  CHECK(digest(one) != digest(two));
}

TEST_CASE("no two values are written alike") {
  std::set<std::string> texts;
  for (const char* prompt : {"a", "a\n", "a\n\n", "|", "|\n", "a\nagent: x", "a\\nb", "a\nb", "a\\u{a}b",
                             "a\rb", "a\\rb", "\xff", "\\xff", "\xfe", "", " a", "a "}) {
    CAPTURE(prompt);
    CHECK(texts.insert(prompt_text(prompt)).second);
  }
  AgentType joined;
  joined.command = {"a\n  - b"};
  AgentType apart;
  apart.command = {"a", "b"};
  CHECK(approval_subject(joined).text != approval_subject(apart).text);
  joined.environment = {{"A", "1\n  B=2"}};
  apart.environment = {{"A", "1"}, {"B", "2"}};
  CHECK(approval_subject(joined).text != approval_subject(apart).text);
}

TEST_CASE("no two names and values are written alike") {
  using Pairs = std::map<std::string, std::string>;
  std::set<std::string> tables;
  std::set<std::string> items;
  for (const Pairs& pairs : {Pairs{{"/text", "key=deploy"}}, Pairs{{"/text=key", "deploy"}},
                             Pairs{{"/text\\", "key=deploy"}}, Pairs{{"/text\\=key", "deploy"}},
                             Pairs{{"/text\\", "=key=deploy"}}, Pairs{{"", "/text=key=deploy"}}}) {
    AgentType agent;
    agent.environment = pairs;
    CHECK(tables.insert(approval_subject(agent).text).second);
    CHECK(items.insert(changeling::webhook_subject("triage", {{"conditions", pairs}}).text).second);
  }
}

TEST_CASE("a name without an equals sign is written as ever, so that approvals stay") {
  const auto subject = changeling::webhook_subject(
      "triage", {{"conditions", std::map<std::string, std::string>{{"/a\\b", "c=d"}}},
                 {"events", std::vector<std::string>{"push", "a=b"}}});
  CHECK(subject.text == "conditions:\n  - /a\\\\b=c=d\nevents:\n  - push\n  - a=b\n");
  CHECK(changeling::webhook_subject("triage", {{"mapping", std::map<std::string, std::string>{}}}).text ==
        "");
  CHECK(changeling::webhook_subject("x", {{"mapping", std::map<std::string, std::string>{{"a=b", "c"}}}})
            .text == "mapping:\n  - a\\=b=c\n");
}

TEST_CASE("what a terminal would obey or hide is written out") {
  CHECK(prompt_text("\x1b[2Kgood") ==
        "prompt: \\u{1b}[2Kgood\ninteractive: false\nagent_launcher: command\n");
  CHECK(prompt_text("a\u202eb").find("a\\u{202e}b") != std::string::npos);
  CHECK(prompt_text("a\u200bb").find("a\\u{200b}b") != std::string::npos);
  CHECK(prompt_text("a\U000E0041b").find("a\\u{e0041}b") != std::string::npos);
  CHECK(prompt_text("Grüße, 世界 🎉").find("Grüße, 世界 🎉") != std::string::npos);
}

TEST_CASE("texts of several lines are compared line by line") {
  CHECK(prompt_text("one\ntwo\n") ==
        "prompt: |\n  one\n  two\n  \ninteractive: false\nagent_launcher: command\n");
}

TEST_CASE("a command line of a criterion is approved by itself, under a name made of it") {
  const auto subject = changeling::criterion_subject("make check");
  CHECK(subject.label() == "criterion:" + subject.name);
  CHECK(subject.name.size() == 16);
  CHECK(subject.text == "run: make check\n");
  CHECK(subject.name != changeling::criterion_subject("make check ").name);
  CHECK(changeling::criterion_subject("a\xe2\x80\xae").text == "run: a\\u{202e}\n");
}
