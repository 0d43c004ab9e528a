#pragma once

#include <poll.h>

#include <functional>
#include <list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "project/places.hpp"
#include "store/run_record.hpp"
#include "support/line_socket.hpp"

namespace changeling::run {

/// Lets other processes of this user watch a run while it is under way, send the agent messages and stop it.
/// The protocol is described in docs/live-runs.md. There is no thread: whoever leads the run sleeps on
/// watched() besides what it waits for itself, and then calls serve(), which never blocks.
class LiveServer {
 public:
  /// Takes a message to the agent. Nothing when it got it, otherwise the reason why not.
  using Receiver = std::function<std::optional<std::string>(const std::string& text)>;
  /// Whether the agent is in the middle of a turn, so that what it gets has to wait.
  using IsBusy = std::function<bool()>;
  /// Told about each message that the agent got.
  using OnMessage = std::function<void(const std::string& from, const std::string& text)>;

  /// Takes an answer to a question of the agent's (0: the oldest that is open), and says whether something of
  /// the agent's reads it now. Throws Error for one that cannot be taken.
  using Answerer = std::function<bool(int question, const std::string& text, const std::string& from)>;

  /// Listens at files.socket(). A run goes on without when the file system has no sockets; problem() tells.
  LiveServer(const project::RunFiles& files, const store::RunRecord& run, OnMessage on_message);
  ~LiveServer() = default;
  LiveServer(const LiveServer&) = delete;
  LiveServer& operator=(const LiveServer&) = delete;

  const std::string& problem() const { return problem_; }
  std::vector<pollfd> watched() const;
  void serve();
  bool stop_requested() const { return stop_requested_; }
  /// Tells those who are attached how the run ended; the record is the finished one. Who does not read what
  /// comes before within a few seconds only sees the connection closed.
  void announce_end(const store::RunRecord& run);

  /// Until the next call messages go to this receiver. Without `is_busy` the agent does not tell.
  void take_messages(Receiver receiver, IsBusy is_busy = {});
  /// Until the next call messages are refused for this reason.
  void refuse_messages(std::string reason);
  /// From now on the agent may have questions; empty: not any more.
  void take_answers(Answerer answerer) { answerer_ = std::move(answerer); }
  /// Takes a message to the agent, as if a visitor had sent it. Nothing when it got it, otherwise why not.
  std::optional<std::string> deliver(const std::string& text) const;

 private:
  struct Visitor {
    LineSocket socket;
    FileDescriptor log = {};  ///< Open for those who are attached.
    off_t position = 0;       ///< What comes behind it in the log was not sent yet.
  };

  void handle(Visitor& visitor, const std::string& line);
  nlohmann::json answer(Visitor& visitor, const nlohmann::json& request);
  nlohmann::json pass_on(const nlohmann::json& request);
  nlohmann::json take_answer(const nlohmann::json& request);
  nlohmann::json attach(Visitor& visitor, const nlohmann::json& request);
  /// Returns whether everything that the log has now is on its way.
  bool send_log(Visitor& visitor, bool to_the_end = false);

  project::RunFiles files_;
  std::string run_id_;
  std::string changeling_;
  OnMessage on_message_;
  Receiver receiver_;
  IsBusy is_busy_;
  Answerer answerer_;
  std::string refusal_ = "the agent has not been started yet";
  std::string problem_;
  std::optional<LocalListener> listener_;
  std::list<Visitor> visitors_;
  bool stop_requested_ = false;
};

/// While it exists messages go to the agent; afterwards they are refused because it has ended.
class ReceivingMessages {
 public:
  /// `live` may be null.
  ReceivingMessages(LiveServer* live, LiveServer::Receiver receiver, LiveServer::IsBusy is_busy = {});
  ~ReceivingMessages();
  ReceivingMessages(const ReceivingMessages&) = delete;
  ReceivingMessages& operator=(const ReceivingMessages&) = delete;

 private:
  LiveServer* live_;
};

}  // namespace changeling::run
