#include "server/client_message.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;
using namespace changeling::server;

namespace {

std::string complaint(const std::string& text) {
  try {
    read_client_message(text);
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  return "";
}

bool complains_of(const std::string& text, const std::string& part) {
  INFO(complaint(text));
  return complaint(text).find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a message has an id and one command") {
  const auto message = read_client_message(R"({"id": 7, "subscribe": {"run": "abc", "after": 12}})");
  CHECK(message.id == 7);
  CHECK(message.command == ClientMessage::Command::Subscribe);
  CHECK(message.run == "abc");
  CHECK(message.after == 12);
  const auto input = read_client_message(R"({"task.input": {"task": "t1", "text": "hello"}})");
  CHECK(input.id.is_null());
  CHECK(input.task == "t1");
  CHECK(input.text == "hello");
  CHECK(read_client_message(R"({"id": "x", "chat.message": {"text": "hi"}})").command ==
        ClientMessage::Command::Chat);
  CHECK(read_client_message(R"({"id": "x", "chat.message": {"chat": "c1", "text": "hi"}})").chat == "c1");
}

TEST_CASE("what is no message is said with what one looks like") {
  CHECK(complains_of("nonsense", "not JSON"));
  CHECK(complains_of("[]", "no object"));
  CHECK(complains_of("{}", "no command"));
  CHECK(complains_of(R"({"subscribe": {}, "task.stop": {}})", "two commands"));
  CHECK(complains_of(R"({"subscrib": {"run": "a"}})", "subscribe"));
  CHECK(complains_of(R"({"subscribe": "a"})", "no object"));
  CHECK(complains_of(R"({"subscribe": {}})", "names no run"));
  CHECK(complains_of(R"({"subscribe": {"task": "t1"}})", "names no run"));
  CHECK(complains_of(R"({"subscribe": {"run": "a", "after": -1}})", "less than 0"));
  CHECK(complains_of(R"({"subscribe": {"run": 5}})", "run"));
}

TEST_CASE("an answer finds the id of a message, whatever else is wrong with it") {
  CHECK(id_of_message(R"({"id": "a", "x": 1, "y": 2})") == "a");
  CHECK(id_of_message(R"({"id": {"a": 1}})").is_null());
  CHECK(id_of_message("nonsense").is_null());
}
