#include "server/event_hub.hpp"

#include <algorithm>

#include "support/error.hpp"

namespace changeling::server {
namespace {

/// As often as a client is pinged.
constexpr auto look_step = std::chrono::seconds(20);

}  // namespace

EventHub::EventHub(EventLoop& loop, Environment environment, AskBacklog ask_backlog, ClientTalk::Ask ask,
                   IsValid is_valid, Log log)
    : loop_(loop),
      environment_(std::move(environment)),
      ask_backlog_(std::move(ask_backlog)),
      ask_(std::move(ask)),
      is_valid_(std::move(is_valid)),
      log_(std::move(log)) {
  look_again_later();
}

void EventHub::look_again_later() {
  next_look_ = loop_.after(look_step, [this] {
    look_at_sessions();
    look_again_later();
  });
}

void EventHub::subscribe(const std::string& folder, std::optional<std::int64_t> after, const Caller& caller,
                         Upgrade& upgrade) {
  if (listeners_.size() >= most_listeners) return;
  follow(folder);
  auto listener = std::make_shared<Listener>(Listener{folder, caller});
  const std::weak_ptr<Listener> known = listener;
  listener->subscription =
      std::make_unique<Subscription>(after, [known](std::shared_ptr<const std::string> text) {
        if (const auto still = known.lock(); still && still->socket) still->socket->send(std::move(text));
      });
  listener->talk = talk_with(listener);
  listeners_.push_back(listener);
  listener->socket = accept_websocket(upgrade, events_of(listener, after));
}

std::shared_ptr<ClientTalk> EventHub::talk_with(const std::shared_ptr<Listener>& listener) {
  const std::weak_ptr<Listener> known = listener;
  const RunOutput::Client socket{
      [known](std::string text) {
        if (const auto still = known.lock(); still && still->socket)
          still->socket->send(std::make_shared<const std::string>(std::move(text)));
      },
      [known]() -> std::size_t {
        const auto still = known.lock();
        return still && still->socket ? still->socket->unsent() : 0;
      }};
  return std::make_shared<ClientTalk>(loop_, ask_,
                                      ClientTalk::Client{listener->folder, listener->caller, socket});
}

WebSocketEvents EventHub::events_of(const std::shared_ptr<Listener>& listener,
                                    std::optional<std::int64_t> after) {
  const std::weak_ptr<Listener> known = listener;
  const std::string folder = listener->folder;
  WebSocketEvents events;
  events.on_open = [this, known, folder, after] {
    when_followed(folder, [this, known, folder, after] {
      ask_backlog_(folder, after, [known](const Backlog& backlog) {
        if (const auto still = known.lock()) still->subscription->on_backlog(backlog);
      });
    });
  };
  events.on_message = [known](const std::string& text) {
    if (const auto still = known.lock()) still->talk->on_message(text);
  };
  events.on_end = [this, known] {
    const auto ended = known.lock();
    loop_.post([this, ended] { std::erase(listeners_, ended); });
  };
  return events;
}

void EventHub::follow(const std::string& folder) {
  Followed& followed = followed_[folder];
  if (followed.job) return;
  try {
    followed.job = std::make_unique<Job>(
        loop_, again({"__events"}, environment_, {{"repository", folder}}),
        [this, folder](const std::string& line) { on_line(folder, line); },
        [this, folder](const ExitStatus& status) {
          log_("warning: following the events of " + folder + " ended with " + status.describe());
          followed_.erase(folder);
          // Whoever listens connects again, and is told what was missed.
          for (const auto& listener : listeners_) {
            if (listener->folder == folder)
              listener->socket->close(CloseCode::GoingAway, "the server starts again");
          }
        });
  } catch (const Error& error) {
    log_(std::string("warning: events are not followed: ") + error.what());
  }
}

void EventHub::when_followed(const std::string& folder, std::function<void()> action) {
  Followed& followed = followed_[folder];
  if (followed.last) return action();
  followed.waiting.push_back(std::move(action));
}

void EventHub::on_line(const std::string& folder, const std::string& line) {
  const auto event = event_from(line);
  if (!event) return;
  Followed& followed = followed_[folder];
  if (!followed.last) {
    followed.last = event->number;
    for (const auto& action : std::exchange(followed.waiting, {})) action();
    return;
  }
  const bool begins_anew = event->number <= *followed.last;
  followed.last = event->number;
  const auto listeners = listeners_;
  for (const auto& listener : listeners) {
    if (listener->folder != folder) continue;
    if (begins_anew) listener->subscription->reset(event->number - 1);
    listener->subscription->on_event(*event);
  }
}

void EventHub::look_at_sessions() {
  const auto listeners = listeners_;
  for (const auto& listener : listeners) {
    if (!is_valid_(listener->caller)) listener->socket->close(CloseCode::LogInAgain, "log in again");
  }
}

void EventHub::close_all() {
  const auto listeners = listeners_;
  for (const auto& listener : listeners) listener->socket->close(CloseCode::GoingAway, "the server ends");
}

}  // namespace changeling::server
