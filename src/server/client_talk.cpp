#include "server/client_talk.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "project/places.hpp"
#include "server/service.hpp"
#include "server/worker.hpp"
#include "support/error.hpp"

namespace changeling::server {
namespace {

using Command = ClientMessage::Command;

/// Part of a path. No name of ours has anything else in it.
std::string word_for_path(const std::string& word) {
  const bool is_name = !word.empty() && word.size() <= 200 &&
                       word.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789-_.") == std::string::npos;
  if (is_name) return word;
  throw Error(ErrorKind::NotFound, "a message: no run or task is called so");
}

Json problem_of(const Error& error) {
  return {{"kind", to_string(error.kind())}, {"detail", error.what()}, {"hint", error.hint()}};
}

Json problem_of(const Response& response) {
  const Json json = Json::parse(response.body, nullptr, false);
  if (!json.is_object()) return problem_of(Error(ErrorKind::Internal, "the service could not do this"));
  return {{"kind", json.value("kind", "internal")},
          {"detail", json.value("detail", "")},
          {"hint", json_string(json, "hint").value_or("")}};
}

}  // namespace

ClientTalk::ClientTalk(EventLoop& loop, Ask ask, Client client)
    : loop_(loop), ask_(std::move(ask)), client_(std::move(client)) {}

void ClientTalk::answer(const Json& id, Json fields) {
  fields["id"] = id;
  fields["ok"] = true;
  client_.socket.send(json_text(fields));
}

void ClientTalk::refuse(const Json& id, const Json& problem) {
  Json json = problem;
  json["id"] = id;
  json["ok"] = false;
  client_.socket.send(json_text(json));
}

void ClientTalk::on_message(const std::string& text) {
  try {
    const ClientMessage message = read_client_message(text);
    if (open_messages_ >= most_open_messages)
      throw Error(ErrorKind::Unavailable, "too many messages wait for their answers", "wait for some");
    carry_out(message);
  } catch (const Error& error) {
    refuse(id_of_message(text), problem_of(error));
  }
}

void ClientTalk::carry_out(const ClientMessage& message) {
  if (message.command == Command::Subscribe) return subscribe(message);
  if (message.command == Command::Unsubscribe) return unsubscribe(message);
  if (!client_.caller.may_write)
    throw Error(ErrorKind::Refused, "you may look, and change nothing",
                "with a cookie a socket only follows: ask the API, or bring the token of scripts");
  if (message.command == Command::Chat) return talk_in_chat(message);
  act_on_run(message);
}

void ClientTalk::subscribe(const ClientMessage& message) {
  if (outputs_.size() >= most_subscriptions)
    throw Error(ErrorKind::Unavailable,
                fmt::format("no more than {} runs are followed at once", most_subscriptions),
                "unsubscribe from one");
  request(message.id, "GET", "runs/" + word_for_path(message.run) + "/log", nullptr,
          [message](ClientTalk& talk, const Response& response) {
            talk.follow(message, Json::parse(response.body));
          });
}

void ClientTalk::follow(const ClientMessage& message, const Json& log) {
  const std::string run = log.at("run");
  const project::RunFiles files{std::filesystem::path(client_.folder) / "changelings" / "runs" / run};
  outputs_[run] = std::make_unique<RunOutput>(
      loop_, RunOutput::Source{run, files.log(), static_cast<std::uint64_t>(message.after)}, client_.socket);
  // It begins a moment later, so this comes first.
  answer(message.id, {{"run", run}, {"size", log.at("size")}, {"live", log.at("live")}});
}

void ClientTalk::unsubscribe(const ClientMessage& message) {
  if (outputs_.erase(message.run) == 0)
    throw Error(ErrorKind::NotFound, "you do not follow this run", "name it by its full id");
  answer(message.id, {{"run", message.run}});
}

void ClientTalk::talk_in_chat(const ClientMessage& message) {
  const std::string path =
      message.chat.empty() ? "chat" : fmt::format("chat/{}/messages", word_for_path(message.chat));
  request(message.id, "POST", path, {{"text", message.text}},
          [message](ClientTalk& talk, const Response& response) {
            talk.answer(message.id, {{"chat", Json::parse(response.body).at("id")}});
          });
}

void ClientTalk::act_on_run(const ClientMessage& message) {
  if (!message.run.empty()) return act(message, word_for_path(message.run));
  request(message.id, "GET", "tasks/" + word_for_path(message.task), nullptr,
          [message](ClientTalk& talk, const Response& response) {
            const Json assignee = Json::parse(response.body).at("assignee");
            const auto run = assignee.is_null() ? std::nullopt : json_string(assignee, "run");
            if (!run) throw Error(ErrorKind::Refused, "no run works on this task");
            talk.act(message, *run);
          });
}

void ClientTalk::act(const ClientMessage& message, const std::string& run) {
  const bool is_input = message.command == Command::Input;
  const Json body = is_input ? Json{{"text", message.text}} : Json::object();
  request(message.id, "POST", fmt::format("runs/{}/{}", run, is_input ? "messages" : "stop"), body,
          [message, is_input](ClientTalk& talk, const Response& response) {
            const Json json = Json::parse(response.body);
            if (is_input)
              return talk.answer(message.id, {{"run", json.at("run")}, {"queued", json.at("queued")}});
            talk.answer(message.id, {{"run", json.at("id")}});
          });
}

void ClientTalk::request(const Json& id, const std::string& method, const std::string& path, const Json& body,
                         OnResponse on_success) {
  Request request;
  request.method = method;
  request.path = "/api/v1/" + path;
  request.caller = client_.caller;
  // Only how much there is, and whether more comes.
  if (method == "GET" && path.ends_with("/log")) request.query["limit"] = "1";
  if (!body.is_null()) request.body = json_text(body);
  ++open_messages_;
  ask_(request_question(client_.folder, std::move(request)),
       [known = weak_from_this(), id, on_success = std::move(on_success)](WorkerAnswer answer) {
         const auto talk = known.lock();
         if (!talk) return;
         --talk->open_messages_;
         const Response response = worker_response(std::move(answer));
         if (response.status >= 400) return talk->refuse(id, problem_of(response));
         try {
           on_success(*talk, response);
         } catch (const Error& error) {
           talk->refuse(id, problem_of(error));
         }
       });
}

}  // namespace changeling::server
