#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>
#include "project/places.hpp"
#include "support/line_socket.hpp"

namespace changeling::run {

/// The other side of LiveServer: talks to the process that leads a run on this machine.
class LiveClient {
 public:
  /// Nothing when nobody listens: the run has ended, was killed, or has no socket.
  static std::optional<LiveClient> connect(const project::RunFiles& files);

  struct Reply {
    bool ok = false;
    std::string reason;   ///< Why not.
    bool queued = false;  ///< The agent is in the middle of a turn, and gets the message after it.
    bool read = false;    ///< Of an answer: something of the agent's reads it now.
  };
  /// Nothing when no answer came in time. What the leader has not read by then does not happen.
  std::optional<Reply> send(const std::string& text, const std::string& from,
                            std::chrono::milliseconds patience);
  /// To question `number` of the agent's; 0: the oldest that is open.
  std::optional<Reply> answer(int number, const std::string& text, const std::string& from,
                              std::chrono::milliseconds patience);
  std::optional<Reply> stop(std::chrono::milliseconds patience);

  /// From now on receive() gets the run's log, beginning with its last `lines` lines.
  void attach(std::int64_t lines);
  /// Does not wait for the reply, which comes through receive().
  void send_later(const std::string& text, const std::string& from);

  struct Ended {
    std::string outcome;
    bool success = false;
  };
  struct Listener {
    std::function<void(std::string_view)> on_output;
    std::function<void(const Reply&)> on_reply;
    std::function<void(const Ended&)> on_end;
  };
  /// Hands over what has arrived; false when the connection is over.
  bool receive(const Listener& listener);
  int descriptor() const { return socket_.descriptor(); }

 private:
  explicit LiveClient(LineSocket socket) : socket_(std::move(socket)) {}
  void request(const nlohmann::json& what);
  std::optional<Reply> ask(const nlohmann::json& what, std::chrono::milliseconds patience);

  LineSocket socket_;
};

}  // namespace changeling::run
