#include "server/serve.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

#include "server/access/cookie.hpp"
#include "server/access/secret_file.hpp"
#include "server/crews.hpp"
#include "server/deliveries.hpp"
#include "server/delivery_work.hpp"
#include "server/event_hub.hpp"
#include "server/event_loop.hpp"
#include "server/http_server.hpp"
#include "server/listener.hpp"
#include "server/manager_notice.hpp"
#include "server/scheduler.hpp"
#include "server/serve_files.hpp"
#include "server/service.hpp"
#include "server/worker_pool.hpp"
#include "support/error.hpp"

namespace changeling::server {
namespace {

namespace fs = std::filesystem;

/// How often it is looked whether all that goes on has ended.
constexpr auto drain_step = std::chrono::milliseconds(20);
/// For crews whose agents were stopped to give back their tasks.
constexpr auto release_time = std::chrono::seconds(15);

FileDescriptor catch_signals() {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t wanted;
  ::sigemptyset(&wanted);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&wanted, number);
  ::pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  return FileDescriptor(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
}

/// As many connections as the limits want, or as there are files for.
Limits limits_of_this_machine() {
  constexpr rlim_t for_other_files = 128;
  Limits limits;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_max < limits.connections + for_other_files)
    limits.connections =
        files.rlim_max > 2 * for_other_files ? files.rlim_max - for_other_files : for_other_files;
  return limits;
}

int port_of(const Place& place) {
  const auto* tcp = std::get_if<TcpPlace>(&place);
  return tcp == nullptr ? 0 : tcp->port;
}

/// No browser can open the address that stands for all of them.
Place as_seen_from_here(Place place) {
  if (auto* tcp = std::get_if<TcpPlace>(&place)) {
    if (tcp->host == "0.0.0.0") tcp->host = "127.0.0.1";
    if (tcp->host == "::") tcp->host = "::1";
  }
  return place;
}

WorkerPool::Started start_worker(const Environment& environment) {
  Conversation conversation = make_conversation();
  Command command =
      again({"__worker", std::to_string(conversation.theirs->get())}, environment, Json::object());
  command.inherited = {conversation.theirs};
  return {OwnProcess(std::move(command)), std::move(conversation.ours)};
}

WorkerPool::Settings pool_settings(const ServeOptions& options) {
  WorkerPool::Settings settings;
  settings.workers = options.processes;
  settings.time_limit = options.request_time;
  return settings;
}

class Server {
 public:
  /// `environment` is what the processes beside the server get.
  Server(const ServeOptions& options, const ManagerNotice& notice, const Environment& environment,
         const Outlets& outlets)
      : options_(options),
        outlets_(outlets),
        signals_(catch_signals()),
        notice_(notice),
        loop_(make_event_loop()),
        asked_(read_place(options.listen)),
        listening_(open_socket()),
        token_(access::read_or_make_token(token_file(environment))),
        sessions_(sessions_file(environment, asked_)),
        service_(parts(), access::cookie_name(port_of(listening_.place))),
        pool_(*loop_, pool_settings(options), [environment] { return start_worker(environment); }),
        http_(*loop_, limits_of_this_machine(), handler()),
        scheduler_(*loop_, clock_, environment, outlets.log),
        crews_(*loop_, options.task_workers, environment, outlets.log),
        deliveries_(*loop_, environment, outlets.log),
        events_(
            *loop_, environment,
            [this](const auto& folder, auto after, auto on_backlog) {
              ask_backlog(folder, after, on_backlog);
            },
            [this](const Frame& question, WorkerPool::OnAnswer on_answer) {
              pool_.ask(question, std::move(on_answer));
            },
            [this](const Caller& caller) { return is_valid(caller); }, outlets.log) {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  ~Server() {
    // Of a socket that systemd has opened the file is systemd's.
    const auto* local = std::get_if<UnixPlace>(&listening_.place);
    if (local != nullptr && notice_.sockets() == 0) ::unlink(local->path.c_str());
  }

  void run() {
    const auto signals = loop_->watch(signals_.get(), EventLoop::Ready::ToRead, [this] { take_signals(); });
    ask_for_surroundings([this](const Surroundings& surroundings) { begin(surroundings); },
                         [this](const Error& error) { give_up(error); });
    // What one client or one worker brings about is no reason to leave the others alone.
    loop_->run(
        [this](const std::string& problem) { outlets_.log("warning: a defect of the service: " + problem); });
    if (problem_) throw *problem_;
  }

 private:
  Listening open_socket() const {
    if (notice_.sockets() > 0) return adopt_listening(ManagerNotice::first_socket);
    refuse_other_machines(asked_, options_);
    return start_listening(asked_);
  }

  Service::Parts parts() {
    return {clock_,
            token_,
            sessions_,
            [this](const std::string& folder, Request request, Reply reply) {
              const bool is_stranger = request.caller.session.empty();
              const Frame question = request_question(folder, std::move(request));
              auto on_answer = [reply = std::move(reply)](WorkerAnswer answer) {
                reply(worker_response(std::move(answer)));
              };
              if (is_stranger) return pool_.ask_for_stranger(question, std::move(on_answer));
              pool_.ask(question, std::move(on_answer));
            },
            [this] {
              return Json{
                  {"busy", pool_.busy()}, {"waiting", pool_.waiting()}, {"connections", http_.connections()}};
            },
            [this] { events_.look_at_sessions(); },
            [this](const std::string& folder) { deliveries_.work(folder); }};
  }

  void listen_to_events(const Request& request, Upgrade& upgrade) {
    const auto folder = service_.folder_of(route_of(request.path).repository);
    const auto after = request.query.find("after");
    const auto number = after == request.query.end() ? std::nullopt : event_number(after->second);
    if (folder) events_.subscribe(*folder, number, request.caller, upgrade);
  }

  void ask_backlog(const std::string& folder, std::optional<std::int64_t> after,
                   const std::function<void(Backlog)>& on_backlog) {
    pool_.ask(backlog_question(folder, after),
              [on_backlog](const WorkerAnswer& answer) { on_backlog(backlog_from(answer)); });
  }

  bool is_valid(const Caller& caller) const {
    return caller.session == "token" || sessions_.knows(caller.session, clock_.now());
  }

  RequestHandler handler() {
    return {[this](const RequestHead& head, Caller& caller) { return service_.refuse(head, caller); },
            is_delivery,
            [this](const RequestHead& head, Request request, const Reply& reply) {
              service_.answer(head, std::move(request), reply);
            },
            [this](const Request& request, Upgrade& upgrade) { listen_to_events(request, upgrade); }};
  }

  template <typename OnKnown, typename OnError>
  void ask_for_surroundings(OnKnown on_known, OnError on_error) {
    pool_.ask(surroundings_question(options_.scope), [on_known, on_error](const WorkerAnswer& answer) {
      if (answer.outcome != WorkerAnswer::Outcome::Answered)
        return on_error(
            Error(ErrorKind::Internal, "the process that reads the settings has ended in the middle"));
      const auto error = answer.frame.about.find("error");
      if (error == answer.frame.about.end()) return on_known(surroundings_from(answer.frame.about));
      on_error(Error(ErrorKind::Refused, error->at("message").get<std::string>(),
                     error->at("hint").get<std::string>()));
    });
  }

  void give_up(const Error& error) {
    problem_ = error;
    loop_->stop();
  }

  void know(const Surroundings& surroundings) {
    service_.know(surroundings);
    scheduler_.look_after(surroundings.repositories);
    crews_.look_after(surroundings.repositories);
  }

  void begin(const Surroundings& surroundings) {
    know(surroundings);
    http_.listen(std::move(listening_.socket));
    announce();
    scheduler_.start();
    notice_.tell("READY=1");
    feed_watchdog();
  }

  void announce() {
    const std::string url = url_of(as_seen_from_here(listening_.place));
    const std::string link = fmt::format("{}/login#{}", url, service_.make_code(access::Role::Owner));
    if (!is_local(listening_.place))
      outlets_.log(
          fmt::format("warning: other machines reach {}, and without TLS whoever is on the way reads along",
                      url_of(listening_.place)));
    if (options_.json) return outlets_.say(Json{{"url", url}, {"token", token_}, {"login_url", link}}.dump());
    outlets_.say(fmt::format("Listening at {}\nLog in (once, within 2 minutes): {}", url, link));
  }

  void feed_watchdog() {
    if (notice_.watchdog_step() <= Duration(0)) return;
    notice_.tell("WATCHDOG=1");
    watchdog_ = loop_->after(notice_.watchdog_step(), [this] { feed_watchdog(); });
  }

  void take_signals() {
    signalfd_siginfo signal{};
    while (::read(signals_.get(), &signal, sizeof signal) == static_cast<ssize_t>(sizeof signal)) {
      if (signal.ssi_signo == SIGHUP) {
        reload();
      } else if (draining_) {
        stop_at_the_limit();
      } else {
        drain();
      }
    }
  }

  /// Settings and repositories are read anew, by fresh processes. Runs and requests go on.
  void reload() {
    if (draining_) return;
    notice_.tell("RELOADING=1");
    pool_.replace_all();
    ask_for_surroundings(
        [this](const Surroundings& surroundings) {
          know(surroundings);
          outlets_.log("settings and repositories were read anew");
          notice_.tell("READY=1");
        },
        [this](const Error& error) {
          outlets_.log(std::string("warning: the settings stay as they were: ") + error.what());
          notice_.tell("READY=1");
        });
  }

  void drain() {
    draining_ = true;
    notice_.tell("STOPPING=1");
    scheduler_.stop();
    deliveries_.stop();
    events_.close_all();
    http_.drain();
    crews_.ask_to_end();
    limit_ = loop_->after(options_.drain_time, [this] { stop_at_the_limit(); });
    look_whether_done();
  }

  void look_whether_done() {
    if (http_.busy() == 0 && !scheduler_.is_busy() && !crews_.is_busy() && !deliveries_.is_busy())
      return loop_->stop();
    next_look_ = loop_->after(drain_step, [this] { look_whether_done(); });
  }

  /// What still goes on is ended in a way that gives back claims.
  void stop_at_the_limit() {
    if (!crews_.is_busy()) return loop_->stop();
    crews_.ask_to_end();
    limit_ = loop_->after(release_time, [this] { loop_->stop(); });
  }

  const ServeOptions& options_;
  const Outlets& outlets_;
  SystemClock clock_;
  FileDescriptor signals_;
  const ManagerNotice& notice_;
  std::unique_ptr<EventLoop> loop_;
  Place asked_;
  Listening listening_;
  std::string token_;
  access::Sessions sessions_;
  Service service_;
  WorkerPool pool_;
  HttpServer http_;
  Scheduler scheduler_;
  Crews crews_;
  DeliveryWork deliveries_;
  EventHub events_;
  bool draining_ = false;
  std::optional<Error> problem_;
  EventLoop::Handle limit_;
  EventLoop::Handle next_look_;
  EventLoop::Handle watchdog_;
};

}  // namespace

void refuse_other_machines(const Place& place, const ServeOptions& options) {
  if (is_local(place) || options.allow_remote) return;
  throw Error(ErrorKind::Refused, fmt::format("other machines reach {}", url_of(place)),
              "put a proxy with TLS before it (docs/service.md), or allow it: --allow-remote");
}

void serve(const ServeOptions& options, const Environment& environment, const Outlets& outlets) {
  const ManagerNotice notice(environment);
  Server(options, notice, without_manager(environment), outlets).run();
}

}  // namespace changeling::server
