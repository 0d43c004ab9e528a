#include "run/live_client.hpp"
#include "support/json.hpp"

namespace changeling::run {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

LiveClient::Reply reply_from(const Json& answer) {
  return {json_bool(answer, "ok").value_or(false), json_string(answer, "reason").value_or(""),
          json_bool(answer, "queued").value_or(false), json_bool(answer, "read").value_or(false)};
}

Json sending(const std::string& text, const std::string& from) {
  return {{"do", "send"}, {"text", text}, {"from", from}};
}

}  // namespace

std::optional<LiveClient> LiveClient::connect(const project::RunFiles& files) {
  auto socket = LineSocket::connect(files.socket());
  if (!socket) return std::nullopt;
  return LiveClient(std::move(*socket));
}

void LiveClient::request(const Json& what) {
  socket_.send(what.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::optional<LiveClient::Reply> LiveClient::ask(const Json& what, milliseconds patience) {
  request(what);
  const auto deadline = steady_clock::now() + patience;
  std::optional<Reply> reply;
  Listener listener;
  listener.on_reply = [&](const Reply& came) { reply = came; };
  for (;;) {
    const bool open = receive(listener);
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (reply || !open || left <= milliseconds(0)) return reply;
    socket_.wait(left);
  }
}

std::optional<LiveClient::Reply> LiveClient::send(const std::string& text, const std::string& from,
                                                  milliseconds patience) {
  return ask(sending(text, from), patience);
}

std::optional<LiveClient::Reply> LiveClient::answer(int number, const std::string& text,
                                                    const std::string& from, milliseconds patience) {
  return ask({{"do", "answer"}, {"question", number}, {"text", text}, {"from", from}}, patience);
}

std::optional<LiveClient::Reply> LiveClient::stop(milliseconds patience) {
  return ask({{"do", "stop"}}, patience);
}

void LiveClient::attach(std::int64_t lines) {
  request({{"do", "attach"}, {"tail", lines}});
}

void LiveClient::send_later(const std::string& text, const std::string& from) {
  request(sending(text, from));
}

bool LiveClient::receive(const Listener& listener) {
  socket_.flush();
  for (const std::string& line : socket_.receive()) {
    const Json answer = Json::parse(line, nullptr, false);
    if (!answer.is_object()) continue;
    if (const auto output = json_string(answer, "output"); output && listener.on_output) {
      listener.on_output(*output);
    }
    if (answer.contains("ok") && listener.on_reply) listener.on_reply(reply_from(answer));
    if (const auto ended = answer.find("ended"); ended != answer.end() && listener.on_end) {
      listener.on_end(
          {json_string(*ended, "outcome").value_or(""), json_bool(*ended, "success").value_or(false)});
    }
  }
  return !socket_.input_ended() && !socket_.gone();
}

}  // namespace changeling::run
