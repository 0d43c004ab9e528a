#include "run/mngr_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "run/claude_launcher.hpp"
#include "run/output_tail.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr std::array<int, 3> kNeededVersion{0, 2, 17};

/// Variables that a login on the agent's host sets itself, and those that configure mngr.
bool belongs_to_host(const std::string& name) {
  static const std::set<std::string, std::less<>> own{"PATH",  "HOME", "USER", "LOGNAME",
                                                      "SHELL", "TERM", "PWD",  "TMPDIR",
                                                      "LANG",  "TZ",   "TMUX", "TMUX_TMPDIR"};
  return own.contains(name) || name.starts_with("LC_") || name.starts_with("XDG_") ||
         name.starts_with("MNGR_");
}

bool is_ours(const std::string& name) {
  return name.starts_with("CHANGELING_");
}

std::string accepted_name(std::string_view text) {
  std::string name(text);
  std::replace_if(
      name.begin(), name.end(),
      [](char letter) { return std::isalnum(static_cast<unsigned char>(letter)) == 0 && letter != '-'; },
      '-');
  return name;
}

/// The agent type that the words name, or nothing.
std::optional<std::string> named_type(const std::vector<std::string>& words) {
  constexpr std::string_view option = "--type";
  for (std::size_t index = 0; index < words.size(); ++index) {
    if (words[index] == option) return index + 1 < words.size() ? words[index + 1] : "";
    if (words[index].starts_with("--type=")) return words[index].substr(option.size() + 1);
  }
  return std::nullopt;
}

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char letter : word) text += letter == '\'' ? "'\\''" : std::string(1, letter);
  return text + "'";
}

/// mngr takes down what it was given when it fails, so the next command may have to run elsewhere.
std::filesystem::path nearest_existing(std::filesystem::path folder) {
  std::error_code ignored;
  while (!std::filesystem::is_directory(folder, ignored) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

std::vector<int> version_in(std::string_view output) {
  std::vector<int> numbers;
  const auto start = output.find_first_of("0123456789");
  if (start == std::string_view::npos) return numbers;
  const auto end = std::min(output.find_first_not_of("0123456789.", start), output.size());
  for (const auto& part : split(output.substr(start, end - start), '.')) {
    if (part.empty() || part.size() > 6) return {};
    numbers.push_back(std::stoi(part));
  }
  return numbers;
}

}  // namespace

MngrProgram::MngrProgram(const LaunchRequest& request)
    : request_(request),
      agent_name_(accepted_name(request.changeling + "-" + request.run_id)),
      program_(request.agent.command.empty() ? "mngr" : request.agent.command.front()),
      type_(named_type(request.agent.command).value_or("claude")) {}

std::string MngrProgram::script() const {
  std::string line;
  if (request_.arguments.size() == 1) {
    line = request_.arguments.front();
  } else {
    for (const std::string& word : request_.arguments) line += (line.empty() ? "" : " ") + quoted(word);
  }
  return fmt::format("({0}\n) >{1} 2>&1\necho $? >{2}\n", line, quoted(output_file().string()),
                     quoted(status_file().string()));
}

Command MngrProgram::command(std::vector<std::string> arguments) const {
  Command command;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), program_);
  command.working_directory = nearest_existing(request_.worktree);
  command.environment = request_.environment;
  // mngr may start the user's tmux server, which then serves other agents as well: it must not carry the mark
  // by which the processes of this run are found and ended.
  command.environment->unset("CHANGELING_RUN");
  return command;
}

Command MngrProgram::version() const {
  return command({"--version"});
}

Command MngrProgram::plugins() const {
  return command({"plugin", "list", "--format", "json", "--headless"});
}

Command MngrProgram::create() const {
  std::vector<std::string> arguments{"create", agent_name_};
  const auto& words = request_.agent.command;
  const std::vector<std::string> own(words.begin() + (words.empty() ? 0 : 1), words.end());
  const bool is_claude = !named_type(own);
  if (is_claude) arguments.insert(arguments.end(), {"--type", "claude"});
  arguments.insert(arguments.end(), own.begin(), own.end());
  arguments.insert(arguments.end(),
                   {"--transfer", "none", "--no-ensure-clean", "--no-connect", "--headless", "-y", "--label",
                    "changeling=" + request_.changeling, "--label",
                    std::string(mngr_run_label) + "=" + request_.run_id, "--format", "json"});
  if (!is_command()) {
    arguments.insert(arguments.end(), {"--message-file", request_.prompt_file.string()});
  }
  for (const auto& [name, value] : request_.environment.variables()) {
    if (is_ours(name)) {
      arguments.insert(arguments.end(), {"--env", name + "=" + value});
    } else if (!belongs_to_host(name)) {
      arguments.insert(arguments.end(), {"--pass-env", name});
    }
  }
  arguments.emplace_back("--");
  if (is_claude) {
    const auto permissions = claude_permission_arguments(request_.permissions);
    arguments.insert(arguments.end(), permissions.begin(), permissions.end());
  }
  if (is_command()) {
    arguments.insert(arguments.end(), {"sh", script_file().string()});
  } else {
    arguments.insert(arguments.end(), request_.arguments.begin(), request_.arguments.end());
  }
  if (arguments.back() == "--") arguments.pop_back();
  return command(std::move(arguments));
}

Command MngrProgram::wait(std::chrono::seconds patience, bool or_waits) const {
  std::vector<std::string> arguments{"wait", agent_name_, "DONE", "STOPPED"};
  if (or_waits) arguments.emplace_back("WAITING");
  arguments.insert(arguments.end(), {"--timeout", fmt::format("{}s", patience.count()), "--interval", "1s",
                                     "--format", "json", "--headless"});
  return command(std::move(arguments));
}

Command MngrProgram::list() const {
  return command({"list", "--format", "json", "--label", std::string(mngr_run_label) + "=" + request_.run_id,
                  "--on-error", "continue", "--headless"});
}

Command MngrProgram::transcript() const {
  return command({"transcript", agent_name_, "--format", "jsonl", "--headless"});
}

Command MngrProgram::message(const std::string& text) const {
  return command({"message", agent_name_, "-m", text, "--headless"});
}

Command MngrProgram::stop() const {
  return command({"stop", agent_name_, "--headless"});
}

Command MngrProgram::destroy() const {
  return command({"destroy", "-f", agent_name_, "--no-allow-worktree-removal", "--headless"});
}

bool is_mngr_command(const AgentType& agent) {
  return named_type(agent.command) == "command";
}

void check_mngr_version(std::string_view output) {
  const auto found = version_in(output);
  if (!std::lexicographical_compare(found.begin(), found.end(), kNeededVersion.begin(), kNeededVersion.end()))
    return;
  throw Error(ErrorKind::External,
              found.empty() ? fmt::format("'mngr --version' answered '{}'", first_line_of(output))
                            : fmt::format("{} is too old, 0.2.17 is needed", first_line_of(output)),
              "type 'uv tool upgrade imbue-mngr' or 'pip install --upgrade imbue-mngr'");
}

std::vector<std::string> missing_mngr_packages(std::string_view plugins, const std::string& type) {
  const Json answer = Json::parse(plugins, nullptr, false);
  if (!answer.is_object() || !answer.contains("plugins") || !answer["plugins"].is_array()) return {};
  const auto has = [&](std::string_view name) {
    return std::any_of(answer["plugins"].begin(), answer["plugins"].end(), [&](const Json& plugin) {
      return plugin.is_object() && json_string(plugin, "name") == name;
    });
  };
  std::vector<std::string> missing;
  if (!has("wait")) missing.emplace_back("imbue-mngr-wait");
  if (type == "claude" && !has("claude")) missing.emplace_back("imbue-mngr-claude");
  return missing;
}

bool mngr_reached_nobody(const ProcessResult& result) {
  return (result.output + result.error).find("No agents found") != std::string::npos;
}

std::string explain_mngr_failure(std::string_view operation, const std::string& agent_name,
                                 const ProcessResult& result) {
  const std::string line = last_line_of(result.error.empty() ? result.output : result.error);
  const std::string detail = line.empty() ? "" : ": " + line;
  const auto says = [&](std::string_view text) { return result.error.find(text) != std::string::npos; };
  if (result.timed_out) return fmt::format("'mngr {}' did not answer in time{}", operation, detail);
  switch (result.status.code.value_or(-1)) {
    case 2:
      if (says("Usage:") || says("No such")) {
        return fmt::format("this mngr does not know what it was told by 'mngr {}'{}: see 'mngr {} --help'",
                           operation, detail, operation);
      }
      return fmt::format("'mngr {}' gave up waiting{}", operation, detail);
    case 3:
      return fmt::format(
          "processes of agent '{0}' are still running{1}: look with 'mngr list', end them with "
          "'mngr destroy -f {0}'",
          agent_name, detail);
    case 4:
      return fmt::format("mngr left files of agent '{}' on this machine{}: type 'mngr gc'", agent_name,
                         detail);
    case 5:
      return fmt::format(
          "the host of agent '{}' is still there and may cost money{}: look with 'mngr list --hosts'",
          agent_name, detail);
    case 6:
      return fmt::format("mngr cannot reach the provider of agent '{}'{}: try again later", agent_name,
                         detail);
    case 7:
      return fmt::format(
          "agent '{}' has its prompt but is stuck on a dialog{}: answer it once with "
          "'mngr connect' in an agent of your own",
          agent_name, detail);
    default:
      return fmt::format("'mngr {}' ended with {}{}", operation, result.status.describe(), detail);
  }
}

MngrWaitAnswer read_mngr_wait(const ProcessResult& result) {
  MngrWaitAnswer answer;
  const Json object = Json::parse(last_line_of(result.output, result.output.size()), nullptr, false);
  if (!object.is_object()) return answer;  // Code 2 without an answer is a usage error, not a timeout.
  if (result.status.code == 2) answer.kind = MngrWaitAnswer::Kind::TimedOut;
  if (const auto state = object.find("matched_state");
      result.status.success() && state != object.end() && state->is_string()) {
    answer.kind = MngrWaitAnswer::Kind::Reached;
    answer.state = state->get<std::string>();
  }
  return answer;
}

bool mngr_waits_for_permission(std::string_view list, const std::string& agent_name) {
  const Json answer = Json::parse(list, nullptr, false);
  if (!answer.is_object() || !answer.contains("agents") || !answer["agents"].is_array()) return false;
  for (const Json& agent : answer["agents"]) {
    if (!agent.is_object() || agent.value("name", Json()) != agent_name) continue;
    const Json reason = agent.value(Json::json_pointer("/plugin/claude/waiting_reason"), Json());
    if (reason == "PERMISSIONS") return true;
  }
  return false;
}

}  // namespace changeling::run
