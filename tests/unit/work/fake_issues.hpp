#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "../http/scripted_http.hpp"
#include "support/text.hpp"

namespace changeling::test {

/// GitHub's issues of one repository, as far as a worker asks for them. The server has a clock of its own.
class FakeIssues : public http::HttpClient {
 public:
  explicit FakeIssues(const Clock& server_clock) : clock_(server_clock) {}

  void add(std::int64_t number, const std::vector<std::string>& labels, const Json& more = Json::object()) {
    Json issue{{"number", number},
               {"title", "Issue"},
               {"body", "Do it."},
               {"state", "open"},
               {"labels", Json::array()},
               {"assignees", Json::array()},
               {"html_url", "https://forge/issues/1"}};
    for (const std::string& label : labels) issue["labels"].push_back({{"name", label}});
    issue.update(more);
    issues[number] = issue;
  }
  std::int64_t comment(std::int64_t issue, const std::string& body, const std::string& login = "bot",
                       const std::string& association = "NONE") {
    const std::int64_t id = ++last_comment_;
    const std::string now = format_timestamp(clock_.now());
    comments[id] = {{"id", id},
                    {"issue", issue},
                    {"body", body},
                    {"user", {{"login", login}}},
                    {"author_association", association},
                    {"created_at", now},
                    {"updated_at", now}};
    return id;
  }
  std::vector<std::string> labels(std::int64_t issue) const {
    std::vector<std::string> names;
    for (const Json& label : issues.at(issue)["labels"]) names.push_back(label["name"]);
    return names;
  }
  std::vector<std::string> bodies(std::int64_t issue) const {
    std::vector<std::string> found;
    for (const auto& [id, entry] : comments) {
      if (entry["issue"] == issue) found.push_back(entry["body"]);
    }
    return found;
  }

  http::HttpResponse send(const http::HttpRequest& request) override {
    const std::string start = "/repos/acme/widgets";
    const std::string path = request.url.substr(request.url.find(start) + start.size());
    const std::string line = request.method + " " + path.substr(0, path.find('?'));
    lines.push_back(line);
    queries.push_back(path.find('?') == std::string::npos ? "" : path.substr(path.find('?') + 1));
    if (before) before(line);
    if (const auto fault = faults.find(line); fault != faults.end()) {
      const http::HttpResponse response = fault->second;
      faults.erase(fault);
      if (response.status == 0) throw Error(ErrorKind::Unavailable, "the connection was reset");
      return response;
    }
    return answer(line, request.body.empty() ? Json() : Json::parse(request.body));
  }

  std::map<std::int64_t, Json> issues;
  std::map<std::int64_t, Json> comments;
  std::vector<std::string> lines;
  std::vector<std::string> queries;
  std::function<void(const std::string& line)> before;  ///< What others do right before a request arrives.
  std::map<std::string, http::HttpResponse> faults;     ///< The next answer to a line; status 0: none.

 private:
  static http::HttpResponse reply(int status, const Json& body) { return {status, {}, body.dump()}; }
  static http::HttpResponse missing() { return reply(404, {{"message", "Not Found"}}); }

  http::HttpResponse answer(const std::string& line, const Json& body) {
    std::vector<std::string> words = split(line.substr(line.find('/') + 1), '/');
    const std::string method = line.substr(0, line.find(' '));
    if (words.size() == 1) return list();
    if (words[1] == "comments") return answer_comment(method, std::stoll(words[2]), body);
    const std::int64_t number = std::stoll(words[1]);
    if (issues.count(number) == 0) return missing();
    if (words.size() == 2) return reply(200, issues[number]);
    if (words[2] == "comments") return answer_comments(method, number, body);
    return answer_list(method, words, number, body);
  }
  http::HttpResponse list() const {
    Json open = Json::array();
    for (const auto& [number, issue] : issues) {
      if (issue["state"] == "open") open.push_back(issue);
    }
    return reply(200, open);
  }
  http::HttpResponse answer_comment(const std::string& method, std::int64_t id, const Json& body) {
    if (comments.count(id) == 0) return missing();
    if (method == "DELETE") {
      comments.erase(id);
      return {204, {}, ""};
    }
    if (method == "PATCH") {
      comments[id]["body"] = body["body"];
      comments[id]["updated_at"] = format_timestamp(clock_.now());
    }
    return reply(200, comments[id]);
  }
  http::HttpResponse answer_comments(const std::string& method, std::int64_t number, const Json& body) {
    if (method == "POST") return reply(201, comments[comment(number, body["body"])]);
    Json found = Json::array();
    for (const auto& [id, entry] : comments) {
      if (entry["issue"] == number) found.push_back(entry);
    }
    return reply(200, found);
  }
  /// Labels and assignees.
  http::HttpResponse answer_list(const std::string& method, const std::vector<std::string>& words,
                                 std::int64_t number, const Json& body) {
    const std::string& kind = words[2];
    const char* key = kind == "labels" ? "name" : "login";
    Json& present = issues[number][kind];
    if (method == "POST") {
      for (const Json& name : body[kind]) {
        const Json entry{{key, name}};
        if (std::find(present.begin(), present.end(), entry) == present.end()) present.push_back(entry);
      }
      return reply(kind == "labels" ? 200 : 201, kind == "labels" ? present : issues[number]);
    }
    const std::string removed = kind == "labels" ? words[3] : body[kind][0].get<std::string>();
    Json kept = Json::array();
    for (const Json& entry : present) {
      if (entry[key] != removed) kept.push_back(entry);
    }
    const bool was_there = kept.size() < present.size();
    present = kept;
    return was_there || kind == "assignees" ? reply(200, present) : missing();
  }

  const Clock& clock_;
  std::int64_t last_comment_ = 100;
};

}  // namespace changeling::test
