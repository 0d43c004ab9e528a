#include "server/client_message.hpp"

#include <fmt/format.h>

#include <array>

#include "support/error.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"

namespace changeling::server {
namespace {

using Command = ClientMessage::Command;

struct CommandRow {
  std::string_view word;
  Command command;
};

constexpr std::array commands{
    CommandRow{"subscribe", Command::Subscribe}, CommandRow{"unsubscribe", Command::Unsubscribe},
    CommandRow{"task.input", Command::Input}, CommandRow{"task.stop", Command::Stop},
    CommandRow{"chat.message", Command::Chat}};

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Error(ErrorKind::Invalid, message, hint);
}

const CommandRow& row_of(const std::string& word) {
  std::vector<std::string> words;
  for (const CommandRow& row : commands) {
    if (row.word == word) return row;
    words.emplace_back(row.word);
  }
  const Error error = not_allowed(ErrorKind::Invalid, "", word, words);
  throw Error(ErrorKind::Invalid, std::string("a message: ") + error.what(), error.hint());
}

bool is_id(const Json& value) {
  return value.is_string() || value.is_number_integer();
}

/// The name of the one member that is no id.
std::string command_word(const Json& message) {
  std::string word;
  for (const auto& [name, value] : message.items()) {
    if (name == "id") continue;
    if (!word.empty())
      refuse("a message: it has two commands, " + word + " and " + shortened(name), "send two");
    word = name;
  }
  if (word.empty())
    refuse("a message: it has no command", R"(for example: {"id": 1, "subscribe": {"run": ID}})");
  return word;
}

void read_target(const Json& about, ClientMessage& message) {
  message.run = json_string(about, "run").value_or("");
  message.task = json_string(about, "task").value_or("");
  if (message.command == Command::Chat) return;
  const bool takes_task = message.command == Command::Input || message.command == Command::Stop;
  if (message.run.empty() && (!takes_task || message.task.empty()))
    refuse("a message: it names no run", R"(for example: {"id": 1, "task.stop": {"run": ID}})");
}

}  // namespace

ClientMessage read_client_message(const std::string& text) {
  const Json json = parse_json(text, "a message");
  if (!json.is_object())
    refuse("a message: it is no object", R"(for example: {"id": 1, "subscribe": {"run": ID}})");
  ClientMessage message;
  message.id = id_of_message(text);
  const std::string word = command_word(json);
  message.command = row_of(word).command;
  const Json& about = json.at(word);
  if (!about.is_object()) refuse(fmt::format("a message: {} is no object", word), "");
  read_target(about, message);
  message.text = json_string(about, "text").value_or("");
  message.chat = json_string(about, "chat").value_or("");
  message.after = json_integer(about, "after").value_or(0);
  if (message.after < 0) refuse("a message: after is less than 0", "it is a number of bytes");
  return message;
}

Json id_of_message(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return nullptr;
  const auto id = json.find("id");
  return id != json.end() && is_id(*id) ? *id : Json(nullptr);
}

}  // namespace changeling::server
