#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/project.hpp"
#include "server/api/route.hpp"
#include "server/message.hpp"
#include "store/store.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::server::api {

/// An answer that says no in a way that its kind does not tell. Everything else is an Error, whose kind says
/// the status (problems.hpp).
class Refusal : public Error {
 public:
  Refusal(int status, ErrorKind kind, const std::string& message, std::string hint = "");

  int status() const { return status_; }
  Json more = Json::object();  ///< Further members of the problem.
  Headers headers = {};

 private:
  int status_;
};

/// What a handler answers; the rest of the response is made from it.
struct Reply {
  Json body;
  /// The record that the answer shows and a write of the same resource would change; nothing where it shows
  /// none. It becomes the part of the entity tag that If-Match looks at.
  std::optional<std::string> record = {};
  int status = 200;
  Headers headers = {};
  /// Instead of the JSON: bytes as they are, with their type.
  struct Content {
    std::string type;
    std::string bytes;
  };
  std::optional<Content> content = {};
  /// The answer follows from the question and the commit of the state: no moment, no setting and nothing of
  /// this machine is in it. See KeptAnswers.
  bool is_of_state = false;
};

/// Who asks, as trailers of what is written for them.
std::map<std::string, std::string> marks_of(const Caller& caller);

/// One request on its way, checked against the description: parameters are known and of their kinds.
struct Call {
  const Request& request;
  project::Project& project;
  const Route& route;
  std::map<std::string, std::string> path;  ///< Parameters in the path.
  Json body = Json::object();               ///< Always an object.

  /// A parameter of the path.
  const std::string& at(const std::string& name) const { return path.at(name); }
  /// A parameter of the query, valid UTF-8; "" where it is left out.
  std::string text(const std::string& name) const;
  std::vector<std::string> words(const std::string& name) const;
  bool flag(const std::string& name) const;
  /// What the description gives otherwise, where it is left out.
  std::int64_t number(const std::string& name) const;
  std::size_t limit() const { return static_cast<std::size_t>(number("limit")); }

  /// A field of the body; the second is "" and empty where it is left out.
  bool has(std::string_view name) const { return body.contains(std::string(name)); }
  std::string given(std::string_view name) const { return json_string(body, name).value_or(""); }
  std::vector<std::string> given_list(std::string_view name) const { return json_strings(body, name); }
};

/// Reads and checks query and body. Throws Refusal (400, 413, 422) with what is allowed.
Call read_call(const Request& request, project::Project& project, const Found& found);

/// The record that a write would change, in a state: its text, or nothing.
using RecordOf = std::function<std::optional<std::string>(const store::Snapshot&)>;

/// Where the request says what it has seen (If-Match), nothing is written unless that is still so when it is
/// decided. Throws the refusal (412) at once where it is not. Every handler whose operation takes If-Match
/// begins with it.
void expect(Call& call, const RecordOf& record);
/// The same, for a file of the state; "" stands for none, because what it says may be said elsewhere.
void expect_file(Call& call, const std::string& path);
/// The same, looked at now and not again: for what has done something else before it writes to the state.
void expect_file_now(Call& call, const std::string& path);
/// The text of a file of the state now; "" for none.
std::string record_at(project::Project& project, const std::string& path);

}  // namespace changeling::server::api
