#include "run/agent_login.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "run/agent_environment.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds telling_limit{10};
constexpr const char* question = "Answer with the one word: ready";
constexpr std::size_t shown_detail = 160;

/// An empty folder of its own, gone with everything in it at the end.
class EmptyFolder {
 public:
  EmptyFolder() {
    std::string pattern = (fs::temp_directory_path() / "changeling-login-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw Error(ErrorKind::Io, "no temporary folder can be made");
    path_ = pattern;
  }
  EmptyFolder(const EmptyFolder&) = delete;
  EmptyFolder& operator=(const EmptyFolder&) = delete;
  ~EmptyFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string in_one_line(std::string_view text) {
  return shortened(trim(valid_utf8(text)), shown_detail);
}

Environment environment_for(const Environment& user, const AgentType& agent, const fs::path& folder) {
  AgentSurroundings surroundings;
  surroundings.worktree = folder;
  Environment environment = agent_environment(user, agent, Definition{}, surroundings);
  environment.unset("CHANGELING_RUN");
  return environment;
}

std::vector<std::string> proving_words(const AgentType& agent) {
  if (launcher_of(agent).kind == LauncherKind::Claude)
    return {agent.command.front(), "-p", "--output-format", "json", "--max-turns", "1", question};
  std::vector<std::string> words;
  bool asks = false;
  for (const std::string& word : agent.command) {
    words.push_back(expand_placeholders(word, {{"prompt", question}}));
    asks = asks || words.back() != word;
  }
  if (!asks) {
    throw Error(ErrorKind::Refused,
                fmt::format("the agent type {} has no login that a question could prove", agent.name),
                "name one that has: claude, codex or gemini");
  }
  return words;
}

/// Claude Code's result, which may say an error with exit code 0.
std::optional<LoginState> read_result(const std::string& output) {
  try {
    const Json result = Json::parse(trim(output));
    if (!result.is_object() || !result.contains("is_error")) return std::nullopt;
    const bool works = !json_bool(result, "is_error").value_or(true);
    return LoginState{
        works, works ? "it answered" : in_one_line(json_string(result, "result").value_or("it failed"))};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

LoginState judge(const ProcessResult& result, Duration limit) {
  if (result.timed_out) return {false, fmt::format("it did not answer within {}", describe_duration(limit))};
  const auto told = read_result(result.output);
  if (told && (!told->works || result.status.success())) return *told;
  if (result.status.success()) return {true, "it answered"};
  const std::string_view said = trim(result.error).empty() ? trim(result.output) : trim(result.error);
  return {false, fmt::format("it ended with {}: {}", result.status.describe(),
                             in_one_line(last_part(said, shown_detail)))};
}

}  // namespace

std::optional<LoginState> told_login(ProcessRunner& processes, const Environment& environment,
                                     const AgentType& agent) {
  if (launcher_of(agent).kind != LauncherKind::Claude || !find_program(agent.command.front(), environment))
    return std::nullopt;
  const EmptyFolder folder;
  Command command;
  command.arguments = {agent.command.front(), "auth", "status"};
  command.working_directory = folder.path();
  command.environment = environment_for(environment, agent, folder.path());
  const ProcessResult result = processes.run(command, telling_limit);
  try {
    const Json told = Json::parse(trim(result.output));
    const auto logged_in = json_bool(told, "loggedIn");
    if (!logged_in) return std::nullopt;
    return LoginState{*logged_in, *logged_in
                                      ? in_one_line(json_string(told, "authMethod").value_or("logged in"))
                                      : "not logged in"};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

LoginState prove_login(ProcessRunner& processes, const Environment& environment, const AgentType& agent,
                       Duration limit) {
  const EmptyFolder folder;
  Command command;
  command.arguments = proving_words(agent);
  command.working_directory = folder.path();
  command.environment = environment_for(environment, agent, folder.path());
  command.descendants = Descendants::EndWithIt;
  return judge(processes.run(command, limit), limit);
}

}  // namespace changeling::run
