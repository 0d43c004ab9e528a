#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "project/project.hpp"
#include "server/client_talk.hpp"
#include "server/event_loop.hpp"
#include "server/frame.hpp"
#include "server/job.hpp"
#include "server/message.hpp"
#include "server/subscription.hpp"
#include "server/websocket.hpp"
#include "server/worker.hpp"
#include "server/worker_pool.hpp"
#include "support/environment.hpp"

namespace changeling::server {

/// Who listens to the events of which repository, and speaks to its runs. The log is followed by a process of
/// its own for each repository, from the first listener on; what a listener has missed is read by a worker.
class EventHub {
 public:
  using AskBacklog = std::function<void(const std::string& folder, std::optional<std::int64_t> after,
                                        std::function<void(Backlog)>)>;
  /// Whether the session is still good.
  using IsValid = std::function<bool(const Caller&)>;

  /// `ask` carries out what clients ask for.
  EventHub(EventLoop& loop, Environment environment, AskBacklog ask_backlog, ClientTalk::Ask ask,
           IsValid is_valid, Log log);

  static constexpr std::size_t most_listeners = 1024;

  /// Takes the client, unless there are too many already. `after` as in Subscription.
  void subscribe(const std::string& folder, std::optional<std::int64_t> after, const Caller& caller,
                 Upgrade& upgrade);
  /// Listeners whose session is over are told to log in again.
  void look_at_sessions();
  void close_all();

 private:
  struct Listener {
    std::string folder;
    Caller caller;
    std::shared_ptr<WebSocket> socket = nullptr;
    std::unique_ptr<Subscription> subscription = nullptr;
    std::shared_ptr<ClientTalk> talk = nullptr;
  };
  struct Followed {
    std::unique_ptr<Job> job = nullptr;
    std::optional<std::int64_t> last = std::nullopt;  ///< Nothing until the process has found its place.
    std::vector<std::function<void()>> waiting = {};
  };

  std::shared_ptr<ClientTalk> talk_with(const std::shared_ptr<Listener>& listener);
  WebSocketEvents events_of(const std::shared_ptr<Listener>& listener, std::optional<std::int64_t> after);
  void follow(const std::string& folder);
  /// Events that come from then on are seen; those before are in the log.
  void when_followed(const std::string& folder, std::function<void()> action);
  void on_line(const std::string& folder, const std::string& line);
  void look_again_later();

  EventLoop& loop_;
  Environment environment_;
  AskBacklog ask_backlog_;
  ClientTalk::Ask ask_;
  IsValid is_valid_;
  Log log_;
  std::map<std::string, Followed> followed_;
  std::list<std::shared_ptr<Listener>> listeners_;
  EventLoop::Handle next_look_;
};

/// What `__events` does: says {"seq": LAST} of the log of the order's {"repository": FOLDER}, and then each
/// event that comes, a line each.
void be_follower(const Json& order, const Environment& environment, const Log& say, const Log& log);

/// What a worker answers to "events": the log after a number, at most half a megabyte of it. Without a number
/// only where the log ends.
Frame read_backlog(project::Project& project, std::optional<std::int64_t> after);
Frame backlog_question(const std::string& folder, std::optional<std::int64_t> after);
/// Where no worker answered, there is a gap.
Backlog backlog_from(const WorkerAnswer& answer);

}  // namespace changeling::server
