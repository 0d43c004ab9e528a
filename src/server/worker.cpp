#include "server/worker.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "git/clean_environment.hpp"
#include "project/registered_repositories.hpp"
#include "project/settings.hpp"
#include "server/api/api.hpp"
#include "server/api/problems.hpp"
#include "server/deliveries.hpp"
#include "server/event_hub.hpp"
#include "server/kept_projects.hpp"
#include "server/problem.hpp"
#include "server/served_names.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

/// Our side is the server's own; it blocks.
bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR && !interrupted()) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Nothing when nobody asks any more.
std::optional<Frame> receive(int socket, FrameReader& reader) {
  std::array<char, 65536> buffer;
  for (;;) {
    if (auto frame = reader.next()) return frame;
    if (interrupted()) return std::nullopt;
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count > 0) {
      reader.add({buffer.data(), static_cast<std::size_t>(count)});
    } else if (count == 0 || errno != EINTR) {
      return std::nullopt;
    }
  }
}

class Worker {
 public:
  Worker(const Environment& environment, const Log& log)
      : environment_(environment), log_(log), kept_(environment, [this](const std::string& folder) {
          return std::make_unique<project::Project>(opening_of(folder));
        }) {}

  Frame answer(Frame question) {
    const auto ask = json_string(question.about, "ask");
    if (ask == "surroundings")
      return {to_json(read_surroundings(scope_from(question.about.at("scope")))), ""};
    const std::string folder = json_string(question.about, "repository").value_or("");
    if (ask == "events")
      return read_backlog(kept_.for_reading(folder), json_integer(question.about, "after"));
    Frame asked{question.about.at("request"), std::move(question.body)};
    return to_frame(answer_request(folder, request_from(std::move(asked))));
  }

 private:
  project::Opening opening(const Environment& environment, std::vector<std::string> directories) const {
    project::Opening opening;
    opening.environment = environment;
    opening.directories = std::move(directories);
    opening.on_message = log_;
    opening.interrupted = interrupted;
    return opening;
  }

  /// What git has said about the repository that the server was started in is not about this one.
  project::Opening opening_of(const std::string& folder) const {
    const Environment environment = git::without_repository_variables(environment_);
    return opening(environment, {place_of(folder, environment)});
  }

  /// Where a person would stand: in a git folder, git knows of no work tree.
  static std::string place_of(const std::string& folder, const Environment& environment) {
    const auto work_tree = git::Repository::discover(folder, environment).work_tree();
    std::error_code missing;
    return work_tree && std::filesystem::is_directory(*work_tree, missing) ? work_tree->string() : folder;
  }

  Response answer_request(const std::string& folder, const Request& request) {
    try {
      if (webhook_in(request.path)) return answer_hook(folder, request);
      return request.method == "GET" ? answer_reading(folder, request) : answer_writing(folder, request);
    } catch (const Error& error) {
      return api::problem_response(error);
    } catch (const std::exception& error) {
      return problem(500, ErrorKind::Internal, error.what());
    }
  }

  Response answer_reading(const std::string& folder, const Request& request) {
    Response response = api::answer(request, kept_.for_reading(folder), answers_);
    if (response.status >= 500) kept_.drop(folder);
    return response;
  }

  Response answer_hook(const std::string& folder, const Request& request) {
    project::Project project(opening_of(folder));
    return answer_delivery(request, project);
  }

  /// Whoever writes decides on settings as they are now, and nothing that was asked of it stays.
  Response answer_writing(const std::string& folder, const Request& request) {
    kept_.drop(folder);
    project::Project project(opening_of(folder));
    return api::answer(request, project);
  }

  Surroundings read_surroundings(const Scope& scope) const {
    project::Project project(opening(environment_, scope.directories));
    Surroundings found;
    for (const std::string& folder : folders(project, scope)) add_repository(found, folder);
    tell_apart(found.repositories);
    return found;
  }

  static std::vector<std::string> folders(project::Project& project, const Scope& scope) {
    if (!scope.all) return {project.repository().common_directory().string()};
    return project::repositories_of_user(project);
  }

  /// One that cannot be opened is left out, and said.
  void add_repository(Surroundings& found, const std::string& folder) const {
    try {
      project::Project project(opening_of(folder));
      const git::Repository& repository = project.repository();
      found.repositories.push_back({repository.display_name(), folder});
      for (const std::string& host : repository.config_all("changeling.serveHost"))
        found.hosts.push_back(to_lower(host));
      for (const std::string& proxy : repository.config_all("changeling.serveTrustedProxy"))
        found.trusted_proxies.push_back(proxy);
    } catch (const Error& error) {
      log_("warning: " + folder + " is not served: " + error.what());
    }
  }

  const Environment& environment_;
  const Log& log_;
  KeptProjects kept_;
  api::KeptAnswers answers_;
};

Frame refused(const Error& error) {
  return {{{"error", {{"kind", to_string(error.kind())}, {"message", error.what()}, {"hint", error.hint()}}}},
          ""};
}

Frame answer_any(Worker& worker, Frame question) {
  try {
    return worker.answer(std::move(question));
  } catch (const Error& error) {
    return refused(error);
  } catch (const std::exception& error) {
    return refused(Error(ErrorKind::Internal, error.what()));
  }
}

}  // namespace

Json to_json(const Surroundings& surroundings) {
  Json repositories = Json::array();
  for (const Served& served : surroundings.repositories)
    repositories.push_back({{"name", served.name}, {"folder", served.folder}});
  return {{"repositories", repositories},
          {"hosts", surroundings.hosts},
          {"trusted_proxies", surroundings.trusted_proxies}};
}

Surroundings surroundings_from(const Json& json) {
  Surroundings surroundings;
  for (const Json& served : json.at("repositories"))
    surroundings.repositories.push_back({served.at("name"), served.at("folder")});
  surroundings.hosts = json_strings(json, "hosts");
  surroundings.trusted_proxies = json_strings(json, "trusted_proxies");
  return surroundings;
}

Json to_json(const Scope& scope) {
  return {{"directories", scope.directories}, {"all", scope.all}};
}

Scope scope_from(const Json& json) {
  return {json_strings(json, "directories"), json_bool(json, "all").value_or(false)};
}

Frame surroundings_question(const Scope& scope) {
  return {{{"ask", "surroundings"}, {"scope", to_json(scope)}}, ""};
}

Frame request_question(const std::string& folder, Request request) {
  Frame asked = to_frame(std::move(request));
  return {{{"ask", "request"}, {"repository", folder}, {"request", std::move(asked.about)}},
          std::move(asked.body)};
}

void be_worker(int socket, const Environment& environment, const Log& log) {
  catch_interrupts();
  Worker worker(environment, log);
  FrameReader reader;
  while (auto question = receive(socket, reader)) {
    if (!send_all(socket, encode(answer_any(worker, std::move(*question))))) return;
  }
}

}  // namespace changeling::server
