#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "server/client_message.hpp"
#include "server/event_loop.hpp"
#include "server/message.hpp"
#include "server/run_output.hpp"
#include "server/worker_pool.hpp"

namespace changeling::server {

/// What one client of the events says, and gets for it. Each message is answered once, with the client's own
/// id; what it does to runs is asked of a worker, as a request of the API by the same caller.
class ClientTalk : public std::enable_shared_from_this<ClientTalk> {
 public:
  using Ask = std::function<void(const Frame& question, WorkerPool::OnAnswer on_answer)>;

  struct Client {
    std::string folder;  ///< Git folder of the repository.
    Caller caller;
    RunOutput::Client socket;
  };

  /// A client that has asked so much and was not answered has to wait.
  static constexpr std::size_t most_open_messages = 16;
  static constexpr std::size_t most_subscriptions = 8;

  ClientTalk(EventLoop& loop, Ask ask, Client client);

  void on_message(const std::string& text);

 private:
  using OnResponse = std::function<void(ClientTalk& talk, const Response& response)>;

  void carry_out(const ClientMessage& message);
  void subscribe(const ClientMessage& message);
  void unsubscribe(const ClientMessage& message);
  void follow(const ClientMessage& message, const Json& log);
  void talk_in_chat(const ClientMessage& message);
  void act_on_run(const ClientMessage& message);
  void act(const ClientMessage& message, const std::string& run);
  void request(const Json& id, const std::string& method, const std::string& path, const Json& body,
               OnResponse on_success);
  void answer(const Json& id, Json fields);
  void refuse(const Json& id, const Json& problem);

  EventLoop& loop_;
  Ask ask_;
  Client client_;
  std::map<std::string, std::unique_ptr<RunOutput>> outputs_;  ///< By the run's id.
  std::size_t open_messages_ = 0;
};

}  // namespace changeling::server
