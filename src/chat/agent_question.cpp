#include "chat/agent_question.hpp"

#include <fmt/format.h>

#include "chat/agent_answer.hpp"
#include "project/credentials.hpp"
#include "run/agent_environment.hpp"
#include "run/removal.hpp"
#include "run/run_walls.hpp"
#include "run/runner.hpp"
#include "run/service_secrets.hpp"
#include "secrets/redact.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::chat {
namespace {

namespace fs = std::filesystem;

constexpr auto grace_after_answer = std::chrono::seconds(10);
constexpr const char* tools = "Read,Grep,Glob";

Environment environment_with_logins(project::Project& project, const AgentType& agent) {
  Environment environment = project.environment();
  project::Credentials(environment).add_to(environment, agent);
  return environment;
}

Redactor redactor_for(const project::Services& services, const Environment& environment,
                      const AgentType& agent) {
  auto values = run::secret_values(environment, agent, Definition{});
  values.insert(values.end(), services.secrets.begin(), services.secrets.end());
  for (const auto& [name, value] : withheld_tokens()) values.push_back(value);
  for (std::string& value : run::service_secrets(services.environment)) values.push_back(std::move(value));
  return Redactor(values);
}

/// What a run would be of which the agent is this one. The chat has no definition of its own.
run::RunRequest request_for(const AgentQuestion& question) {
  run::RunRequest request;
  request.run_id = run::new_run_id();
  request.definition.name = "chat";
  request.definition.agent = question.agent.name;
  request.definition.timeout = question.limits.time;
  request.agent = question.agent;
  return request;
}

class Asking {
 public:
  Asking(project::Project& project, const AgentQuestion& question)
      : project_(project),
        services_(project.services()),
        question_(question),
        request_(request_for(question)),
        user_(environment_with_logins(project, question.agent)),
        walls_(services_, request_, project::RunFiles{question.folder}) {
    const auto tree = services_.repository.work_tree();
    place_ = tree ? *tree : question.folder / "empty";
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;
  ~Asking() {
    try {
      walls_.take_down();
    } catch (const std::exception&) {
      // Below a folder that goes as a whole.
    }
    run::remove_tree(question_.folder);
  }

  AgentReply carry_out(const run::LaunchObserver& observer) {
    prepare();
    const run::LaunchResult result =
        run::make_launcher(question_.agent.launcher, services_.processes)->launch(request(), observer);
    AgentReply reply;
    reply.totals = result.totals;
    const Redactor redact = redactor_for(services_, user_, question_.agent);
    if (!result.success) {
      reply.problem = redact(result.error);
      return reply;
    }
    const bool is_claude = question_.agent.launcher == LauncherKind::Claude;
    reply.answer = redact(is_claude ? result.structured_output : result.final_text);
    if (is_claude && reply.answer.empty())
      reply.problem =
          "Claude Code gave no answer in the form that it was asked for; it may be too old for that";
    return reply;
  }

 private:
  void prepare() {
    run::remove_tree(question_.folder);
    create_private_directories(question_.folder / "empty");
    const store::Walls standing = walls_.choose();
    if (standing.sandbox == "none" && question_.agent.launcher != LauncherKind::Claude) {
      throw Error(
          ErrorKind::Refused,
          fmt::format("the agent type {} answers in chats only behind a sandbox: nothing else keeps it "
                      "from changing files{}{}",
                      question_.agent.name, walls_.remark().empty() ? "" : "; ", walls_.remark()),
          "let Claude Code answer: git changeling config set chatAgent claude");
    }
    // What is said of runs without a sandbox is too much here.
    if (standing.sandbox == "none" && !walls_.remark().empty())
      project_.message("without a sandbox Claude Code reads all that you can; it has no tool that writes");
    run::AgentSurroundings surroundings;
    surroundings.run_id = request_.run_id;
    surroundings.worktree = question_.folder / "empty";
    surroundings.prompt_file = question_.folder / "prompt.md";
    surroundings.artifacts = question_.folder / "empty";
    surroundings.excludes = project::RunFiles{question_.folder}.excludes();
    surroundings.identity = services_.store.actor();
    environment_ = run::agent_environment(user_, question_.agent, request_.definition, surroundings);
    write_file(surroundings.prompt_file, question_.prompt, Outlives::Process);
    walls_.build(question_.folder / "empty", environment_);
  }

  run::LaunchRequest request() const {
    run::LaunchRequest launch;
    launch.run_id = request_.run_id;
    launch.changeling = request_.definition.name;
    launch.agent = question_.agent;
    launch.prompt = question_.prompt;
    launch.prompt_file = question_.folder / "prompt.md";
    launch.worktree = place_;
    launch.max_turns = question_.limits.turns;
    launch.budget_usd = question_.limits.budget_usd;
    launch.environment = environment_;
    launch.timeout = question_.limits.time;
    launch.walls = walls_.walls();
    // The user's own work tree, which is hidden from runs.
    launch.walls.readable.push_back(place_);
    launch.walls.readable.push_back(launch.prompt_file);
    launch.grace_after_result = grace_after_answer;
    if (question_.agent.launcher != LauncherKind::Claude) return launch;
    launch.permissions = {"mode:dontAsk", "Read", "Grep", "Glob"};
    launch.arguments = looking_arguments();
    return launch;
  }

  project::Project& project_;
  const project::Services& services_;
  const AgentQuestion& question_;
  run::RunRequest request_;
  Environment user_;
  run::RunWalls walls_;
  Environment environment_;
  fs::path place_;
};

}  // namespace

std::vector<std::string> looking_arguments() {
  // Settings of the repository could start programs, and so could its servers.
  return {"--json-schema",
          answer_schema().dump(),
          "--tools",
          tools,
          "--setting-sources",
          "user",
          "--strict-mcp-config",
          "--disable-slash-commands",
          "--no-session-persistence"};
}

AgentReply ask_agent(project::Project& project, const AgentQuestion& question,
                     const run::LaunchObserver& observer) {
  return Asking(project, question).carry_out(observer);
}

}  // namespace changeling::chat
