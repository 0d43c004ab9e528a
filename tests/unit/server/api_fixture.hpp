#pragma once

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "../open_project.hpp"
#include "noted_exchanges.hpp"
#include "server/api/api.hpp"
#include "support/json.hpp"

namespace changeling::testing {

/// What came of a request.
struct ApiAnswer {
  int status = 0;
  server::Headers headers;
  std::string content_type;
  std::string text;
  Json json;  ///< Null for what is no JSON, such as gzip.

  std::string tag() const { return headers.at("etag"); }
  /// The word of a problem.
  std::string kind() const { return json.at("kind").get<std::string>(); }
  std::string detail() const { return json.at("detail").get<std::string>(); }
  std::string hint() const { return json.at("hint").is_null() ? "" : json.at("hint").get<std::string>(); }
};

/// A repository with a state, which is asked through the API. Each request gets a project of its own, as in
/// the service, where any of its processes may get it. Each is noted with its answer (noted_exchanges.hpp).
struct Api : OpenProject {
  Api() { project.store().initialize(); }

  ApiAnswer ask(const std::string& method, const std::string& path, const Json& body = nullptr,
                const server::Headers& headers = {}) {
    server::Request request{method, "/api/v1" + path, {}, headers, body.is_null() ? "" : body.dump(), caller};
    if (const auto mark = path.find('?'); mark != std::string::npos) {
      request.path = "/api/v1" + path.substr(0, mark);
      for (const std::string& part : split(path.substr(mark + 1), '&'))
        request.query[part.substr(0, part.find('='))] = part.substr(part.find('=') + 1);
    }
    return ask(request);
  }
  ApiAnswer ask(const server::Request& request) {
    project::Project opened(opening());
    const server::Response response = server::api::answer(request, opened);
    note_exchange(request, response);
    ApiAnswer answer{response.status, response.headers, response.content_type, response.body, nullptr};
    const Json json = Json::parse(response.body, nullptr, false);
    if (!json.is_discarded()) answer.json = json;
    return answer;
  }
  ApiAnswer get(const std::string& path, const server::Headers& headers = {}) {
    return ask("GET", path, nullptr, headers);
  }
  ApiAnswer post(const std::string& path, const Json& body = Json::object(),
                 const server::Headers& headers = {}) {
    return ask("POST", path, body, headers);
  }
  /// Id of a new task.
  std::string add_task(const std::string& title, Json fields = Json::object()) {
    fields["title"] = title;
    if (!fields.contains("status")) fields["status"] = "ready";
    const ApiAnswer added = post("/tasks", fields);
    INFO(added.text);
    REQUIRE(added.status == 201);
    return added.json.at("id").get<std::string>();
  }
  /// Message of the newest commit of the state.
  std::string newest_message() { return project.repository().commit(*project.snapshot().commit()).message; }
  std::size_t commits() { return project.repository().history(*project.snapshot().commit(), 0).size(); }

  server::Caller caller{"phone-1", "ada", true};
};

}  // namespace changeling::testing
