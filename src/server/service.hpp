#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/access/failed_logins.hpp"
#include "server/access/judgement.hpp"
#include "server/access/login_codes.hpp"
#include "server/access/sessions.hpp"
#include "server/http_server.hpp"
#include "server/message.hpp"
#include "server/repeated_answers.hpp"
#include "server/worker.hpp"
#include "server/worker_pool.hpp"
#include "support/clock.hpp"

namespace changeling::server {

/// A path without what names the repository in it.
struct Route {
  std::string path;        ///< "/api/v1/tasks"
  std::string repository;  ///< Its name, or empty for the first.
};
/// "/repositories/NAME/api/v1/tasks" is "/api/v1/tasks" of that one; other paths stay.
Route route_of(const std::string& path);

/// Which request gets which answer: the judgement of access, the routes of the server itself (logins,
/// sessions, health), and for everything else a worker. Knows neither sockets nor processes.
class Service {
 public:
  /// Asks a worker; calls back once.
  using AskWorker = std::function<void(const std::string& folder, Request request, Reply reply)>;

  struct Parts {
    const Clock& clock;
    std::string token;  ///< The bearer token of scripts.
    access::Sessions& sessions;
    AskWorker ask_worker;
    std::function<Json()> health;      ///< More of what /healthz says.
    std::function<void()> on_revoked;  ///< A session has ended before its time.
    /// A delivery of a webhook waits in the repository with this git folder.
    std::function<void(const std::string& folder)> on_delivery;
  };

  Service(Parts parts, std::string cookie);

  /// Names, proxies and repositories; also later, after a reload.
  void know(const Surroundings& surroundings);
  const Surroundings& surroundings() const { return surroundings_; }
  /// A new code for a login link.
  std::string make_code(access::Role role);

  /// The two halves of RequestHandler.
  std::optional<Response> refuse(const RequestHead& head, Caller& caller);
  void answer(const RequestHead& head, Request request, const Reply& reply);
  /// The git folder of the repository that a path is about, or nothing.
  std::optional<std::string> folder_of(const std::string& repository) const;

 private:
  std::optional<Response> refuse_upgrade(const RequestHead& head) const;
  void pass_on_delivery(Request request, const Reply& reply);
  Reply looking_for_deliveries(const std::string& folder, const Reply& reply) const;
  std::optional<Response> own_answer(const RequestHead& head, const Request& request);
  Response log_in(const RequestHead& head, const Request& request);
  Response failed_login(const std::string& client, Timestamp now);
  Response log_out(const Request& request);
  Response sessions_answer(const Request& request, const std::string& path);
  Response invite(const Request& request);
  Response repositories_answer() const;
  static Response session_answer(const Request& request);
  Response health_answer() const;

  Parts parts_;
  access::Site site_;
  Surroundings surroundings_;
  access::LoginCodes codes_;
  access::FailedLogins failed_;
  RepeatedAnswers invitations_{access::LoginCodes::lifetime};  ///< No longer than their codes.
};

/// What the client gets for what a worker said, or did not.
Response worker_response(WorkerAnswer answer);

}  // namespace changeling::server
