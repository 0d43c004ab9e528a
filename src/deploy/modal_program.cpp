#include "deploy/modal_program.hpp"

#include <fmt/format.h>

#include <csignal>

#include "deploy/modal_app.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::deploy {
namespace {

constexpr auto question_limit = std::chrono::seconds(30);
constexpr std::size_t longest_complaint = 2000;

std::string complaint(const ProcessResult& result) {
  if (result.timed_out) return "no answer in time";
  std::string text(trim(last_part(result.error.empty() ? result.output : result.error, longest_complaint)));
  return text.empty() ? result.status.describe() : valid_utf8(text);
}

/// What Modal's client says without a login, or with one that Modal does not know (any more).
bool lacks_login(const ProcessResult& result) {
  const std::string text = to_lower(result.error + result.output);
  return text.find("token missing") != std::string::npos || text.find("authenticate") != std::string::npos ||
         text.find("token id") != std::string::npos;
}

}  // namespace

ProcessResult ModalProgram::call(const std::vector<std::string>& words,
                                 std::chrono::milliseconds time_limit) const {
  Command command;
  command.arguments = {"modal"};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  command.environment = environment_;
  return processes_.run(command, time_limit);
}

bool ModalProgram::installed() const {
  return find_program("modal", environment_).has_value();
}

void ModalProgram::require() const {
  if (!installed()) {
    throw Error(ErrorKind::NotFound, "the program modal is not on PATH",
                "install Modal's client and log in: pipx install modal, then: modal setup");
  }
  const ProcessResult result = call({"app", "list", "--json"}, question_limit);
  if (result.status.success()) return;
  if (lacks_login(result))
    throw Error(ErrorKind::Refused, "modal is not logged in: " + complaint(result), "log in: modal setup");
  throw Error(ErrorKind::External, "modal app list failed: " + complaint(result),
              "see whether modal app list works by itself");
}

std::map<std::string, std::string> ModalProgram::apps(std::chrono::milliseconds time_limit) const {
  const ProcessResult result = call({"app", "list", "--json"}, time_limit);
  if (!result.status.success() || result.timed_out)
    throw Error(ErrorKind::External, "modal app list failed: " + complaint(result));
  const Json list = parse_json(result.output, "modal app list");
  std::map<std::string, std::string> states;
  if (!list.is_array()) return states;
  for (const Json& app : list) {
    if (!app.is_object()) continue;
    // Clients before 1.6 wrote the keys like headings.
    const auto text = [&](const char* key, const char* heading) {
      const auto value = json_string(app, key);
      return value ? value : json_string(app, heading);
    };
    const auto name = text("description", "Description");
    if (!name) continue;
    const std::string state = text("state", "State").value_or("unknown");
    // A stopped app stays on the list beside the one of the same name that runs.
    auto& known = states[*name];
    if (known.empty() || known == "stopped") known = state;
  }
  return states;
}

void ModalProgram::deploy(const std::filesystem::path& file) const {
  const ProcessResult result = call({"deploy", file.string()}, std::chrono::minutes(0));
  if (!result.status.success()) {
    throw Error(ErrorKind::External, "modal deploy failed: " + complaint(result),
                "nothing is deployed; see above, then try again");
  }
}

void ModalProgram::stop(const std::string& app) const {
  const ProcessResult result = call({"app", "stop", "--yes", app}, std::chrono::minutes(2));
  if (!result.status.success())
    throw Error(ErrorKind::External, fmt::format("modal app stop {} failed: {}", app, complaint(result)));
}

int ModalProgram::run(const std::filesystem::path& file, const std::string& run_id, bool detach,
                      const std::function<void(std::string_view)>& on_output,
                      const std::function<bool()>& stop_requested) const {
  Command command;
  command.arguments = {"modal", "run"};
  if (detach) command.arguments.emplace_back("--detach");
  command.arguments.push_back(fmt::format("{}::{}", file.string(), modal_function));
  for (const std::string& word :
       {std::string("--run-id"), run_id, std::string("--trigger"), std::string("manual")})
    command.arguments.push_back(word);
  command.environment = environment_;
  ChildProcess child = ChildProcess::start(command, ChildProcess::StandardInput::Null);
  bool asked_to_stop = false;
  while (child.pump(std::chrono::milliseconds(200), on_output, on_output)) {
    if (asked_to_stop || !stop_requested()) continue;
    // Modal's client ends the remote function when it is interrupted.
    child.signal_group(SIGINT);
    asked_to_stop = true;
  }
  return child.exit_status().shell_code();
}

}  // namespace changeling::deploy
