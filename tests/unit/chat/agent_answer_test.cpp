#include "chat/agent_answer.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::chat;

namespace {

std::string problem_of(const std::string& json) {
  try {
    read_answer(json);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::External);
    return with_hint(error);
  }
  return "";
}

std::string with_proposal(const std::string& proposal) {
  return R"({"text":"Look.","proposal":)" + proposal + "}";
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an answer is a text, with or without a proposal") {
  CHECK(read_answer(R"({"text":"There are two."})").text == "There are two.");
  CHECK_FALSE(read_answer(R"({"text":"No.","proposal":null})").proposal);
  const AgentAnswer answer = read_answer(with_proposal(
      R"({"kind":"changeling","name":"tidy","fields":{"prompt":"Tidy up.","max_turns":5,"budget":1.5,)"
      R"("enabled":false,"verify":["true"],"env":{"A":"b"},"schedule":null}})"));
  REQUIRE(answer.proposal);
  CHECK(answer.proposal->kind == ProposalKind::Changeling);
  CHECK(answer.proposal->name == "tidy");
  CHECK(answer.proposal->fields.size() == 6);
  CHECK(std::get<std::int64_t>(answer.proposal->fields.at("max_turns")) == 5);
  CHECK(std::get<bool>(answer.proposal->fields.at("enabled")) == false);
}

TEST_CASE("what was read is written as it was") {
  const std::string text =
      R"({"fields":{"acceptance":["file:a.md"],"priority":"high","title":"Write it"},"kind":"task","name":null})";
  CHECK(to_json(proposal_from_json(Json::parse(text))).dump() == text);
}

TEST_CASE("a wrong answer says what is wrong, and nothing of it counts") {
  CHECK(mentions(problem_of(""), "there is none"));
  CHECK(mentions(problem_of("I propose a task."), "not JSON"));
  CHECK(mentions(problem_of("[]"), "no JSON object"));
  CHECK(mentions(problem_of(R"({"proposal":null})"), "no text"));
  CHECK(mentions(problem_of(R"({"text":" "})"), "says nothing"));
  CHECK(mentions(problem_of(R"({"text":"a","more":1})"), "no field more"));
  CHECK(mentions(problem_of(with_proposal("3")), "no object"));
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"rle","name":"a","fields":{}})")), "\"role\"?"));
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"task","fields":{"titel":"a"}})")), "title?"));
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"task","name":"a","fields":{}})")), "has no name"));
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"role","fields":{}})")), "needs a name"));
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"role","name":"a"})")), "no fields"));
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"role","name":"a","fields":{},"yes":true})")), "yes"));
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"task","fields":{"title":7}})")), "title is no text"));
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"task","fields":{"title":"a\u0000b"}})")), "zero byte"));
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"task","fields":{"labels":"a"}})")), "no list"));
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"task","fields":{"priority":"hih"}})")), "\"high\"?"));
}

TEST_CASE("what holds an agent, and secrets, cannot be proposed") {
  for (const char* key : {"sandbox", "sandbox_read", "sandbox_write", "secrets", "max_memory_mb"}) {
    CHECK(mentions(problem_of(with_proposal(R"({"kind":"changeling","name":"a","fields":{")" +
                                            std::string(key) + R"(":1}})")),
                   "no field " + std::string(key)));
  }
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"webhook","name":"a","fields":{"secret":"s"}})")),
                 "no field secret"));
}

TEST_CASE("an answer without end is refused") {
  const std::string long_text(longest_answer + 1, 'a');
  CHECK(mentions(problem_of(R"({"text":")" + long_text + R"("})"), "65537 bytes"));
  CHECK(mentions(problem_of(R"({"text":")" + std::string(1024 * 1024, 'a') + R"("})"), "bytes"));
  const std::string long_field(longest_field + 1, 'a');
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"task","fields":{"title":")" + long_field + R"("}})")),
                 "longer than"));
  std::string many = "[\"a\"";
  for (std::size_t count = 0; count < most_elements; ++count) many += ",\"a\"";
  CHECK(mentions(problem_of(with_proposal(R"({"kind":"task","fields":{"labels":)" + many + "]}}")),
                 "elements"));
}

TEST_CASE("the schema has every kind with its fields, and lets nothing else through") {
  const Json schema = answer_schema();
  CHECK(schema.at("additionalProperties") == false);
  const Json& kinds = schema.at("properties").at("proposal").at("anyOf");
  REQUIRE(kinds.size() == proposal_kinds().size());
  for (const Json& kind : kinds) {
    CHECK(kind.at("additionalProperties") == false);
    CHECK(kind.at("properties").at("fields").at("additionalProperties") == false);
  }
  CHECK(kinds.at(0).at("properties").at("fields").at("properties").contains("schedule"));
  CHECK_FALSE(kinds.at(0).at("properties").at("fields").at("properties").contains("sandbox"));
  CHECK(kinds.at(3).at("properties").at("fields").at("properties").contains("mapping"));
}
