#include "git/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

/// What git prints for people, without the lines that only show progress.
std::string last_words(const ProcessResult& result) {
  std::vector<std::string> lines;
  for (const std::string& line : split_lines(result.error.empty() ? result.output : result.error)) {
    // ssh ends its lines with a carriage return, progress is written over with one in the middle.
    const std::string_view written = trim(line);
    const auto carriage_return = written.rfind('\r');
    const std::string_view text =
        trim(written.substr(carriage_return == std::string_view::npos ? 0 : carriage_return + 1));
    if (text.empty() || text.starts_with("hint:")) continue;
    lines.emplace_back(text);
  }
  if (lines.size() > 4) lines.erase(lines.begin(), lines.end() - 4);
  return lines.empty() ? result.status.describe() : join(lines, "; ");
}

/// Whether a line of `git push --porcelain` is about a reference that the remote did not take.
bool is_refusal(const std::string& line) {
  return line.starts_with("!");
}

/// Whether a line of `git push --porcelain` says that the remote has another value than the expected one:
/// seen by the client, or by the server when somebody else was faster between its two looks.
bool says_other_value(const std::string& line) {
  if (!is_refusal(line)) return false;
  if (line.find("[rejected]") != std::string::npos) return true;
  if (line.find("[remote rejected]") == std::string::npos) return false;
  constexpr std::array reasons{"cannot lock ref", "failed to update ref", "incorrect old value",
                               "failed to lock", "reference already exists"};
  return std::any_of(reasons.begin(), reasons.end(),
                     [&](const char* reason) { return line.find(reason) != std::string::npos; });
}

}  // namespace

Environment without_repository_variables(const Environment& environment) {
  // `git rev-parse --local-env-vars` of git 2.39, without the GIT_CONFIG ones that carry `git -c`.
  constexpr std::array names{
      "GIT_ALTERNATE_OBJECT_DIRECTORIES",
      "GIT_OBJECT_DIRECTORY",
      "GIT_DIR",
      "GIT_WORK_TREE",
      "GIT_IMPLICIT_WORK_TREE",
      "GIT_GRAFT_FILE",
      "GIT_INDEX_FILE",
      "GIT_NO_REPLACE_OBJECTS",
      "GIT_REPLACE_REF_BASE",
      "GIT_PREFIX",
      "GIT_SHALLOW_FILE",
      "GIT_COMMON_DIR",
      "GIT_INTERNAL_SUPER_PREFIX",
      "GIT_QUARANTINE_PATH",
      "GIT_EDITOR",
      "GIT_SEQUENCE_EDITOR",
      "GIT_PUSH_OPTION_COUNT",
      "GIT_REFLOG_ACTION",
  };
  Environment clean = environment;
  for (const char* name : names) clean.unset(name);
  return clean;
}

GitProgram::GitProgram(ProcessRunner& runner, Environment environment, std::filesystem::path repository,
                       Session session)
    : runner_(runner),
      environment_(without_repository_variables(environment)),
      repository_(std::move(repository)),
      session_(session) {
  if (session == Session::Own) environment_.set("GIT_TERMINAL_PROMPT", "0");
  // What we do with git is no event of the user's: the lines in hooks start nothing where this is set.
  environment_.set("CHANGELING_HOOKS", "off");
  // Messages are shown to people as they are, but the few words we look at must not be translated.
  environment_.set("LC_MESSAGES", "C");
  environment_.unset("LC_ALL");
}

ProcessResult GitProgram::run(std::vector<std::string> arguments, const std::filesystem::path& directory,
                              std::chrono::milliseconds time_limit, const std::string& standard_input) const {
  Command command = command_for(std::move(arguments));
  if (!directory.empty()) command.working_directory = directory;
  command.standard_input = standard_input;
  // Only with() sets these, and it counts more than any other word about where the repository is.
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}) {
    if (const auto value = environment_.get(name)) command.environment->set(name, *value);
  }
  return runner_.run(command, time_limit);
}

Command GitProgram::command_for(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), "git");
  Command command;
  command.arguments = std::move(arguments);
  command.working_directory = repository_;
  command.environment = environment_;
  command.session = session_;
  return command;
}

ProcessResult GitProgram::run_transfer(Transfer transfer, const std::string& remote,
                                       std::vector<std::string> arguments,
                                       std::chrono::milliseconds time_limit) const {
  Command command = command_for(std::move(arguments));
  if (!on_transfer_) return runner_.run(command, time_limit);
  const auto started = std::chrono::steady_clock::now();
  command.on_wait = [&] {
    on_transfer_(
        transfer, remote,
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started));
  };
  ProcessResult result = runner_.run(command, time_limit);
  on_transfer_(transfer, remote, std::nullopt);
  return result;
}

std::string GitProgram::check(std::vector<std::string> arguments,
                              const std::filesystem::path& directory) const {
  const std::string shown = join(arguments, " ");
  ProcessResult result = run(std::move(arguments), directory);
  if (!result.status.success()) {
    throw Error(ErrorKind::External, fmt::format("git {} failed: {}", shown, last_words(result)));
  }
  while (result.output.ends_with('\n')) result.output.pop_back();
  return result.output;
}

GitProgram GitProgram::with(const std::map<std::string, std::string>& variables,
                            const std::filesystem::path& directory) const {
  GitProgram copy = *this;
  for (const auto& [name, value] : variables) copy.environment_.set(name, value);
  copy.repository_ = directory;
  return copy;
}

std::optional<std::string> GitProgram::fetch(const std::string& remote,
                                             const std::vector<std::string>& refspecs,
                                             std::chrono::milliseconds time_limit) const {
  // No automatic maintenance: it could outlive this command and hold locks while the agent works.
  std::vector<std::string> arguments{"-c",
                                     "gc.auto=0",
                                     "-c",
                                     "maintenance.auto=false",
                                     "fetch",
                                     "--quiet",
                                     "--no-write-fetch-head",
                                     "--no-recurse-submodules",
                                     remote};
  arguments.insert(arguments.end(), refspecs.begin(), refspecs.end());
  const ProcessResult result = run_transfer(Transfer::Fetch, remote, std::move(arguments), time_limit);
  if (result.timed_out) return "git fetch did not finish in time";
  if (!result.status.success()) return last_words(result);
  return std::nullopt;
}

GitProgram::PushResult GitProgram::push(const std::string& remote, const ObjectId& commit,
                                        const std::string& branch,
                                        const std::optional<ObjectId>& replaces) const {
  return push_reference(remote, commit, fmt::format("refs/heads/{}", branch), replaces,
                        std::chrono::milliseconds(0));
}

GitProgram::PushResult GitProgram::push_reference(const std::string& remote, const ObjectId& commit,
                                                  const std::string& reference,
                                                  const std::optional<ObjectId>& replaces,
                                                  std::chrono::milliseconds time_limit) const {
  std::vector<std::string> arguments{"push", "--porcelain", "--no-verify", "--no-follow-tags"};
  if (replaces) arguments.push_back(fmt::format("--force-with-lease={}:{}", reference, replaces->hex()));
  arguments.push_back(remote);
  arguments.push_back(fmt::format("{}:{}", commit.hex(), reference));
  const ProcessResult result = run_transfer(Transfer::Push, remote, std::move(arguments), time_limit);
  if (result.timed_out) return {PushOutcome::Failed, "git push did not finish in time"};
  if (result.status.success()) return {};
  const auto lines = split_lines(result.output);
  const auto refusal = std::find_if(lines.begin(), lines.end(), is_refusal);
  std::string message = last_words(result);
  // "!<tab>commit:reference<tab>[remote rejected] (reason)": the reason is the part that people need.
  if (refusal != lines.end())
    message = fmt::format("{}; {}", refusal->substr(refusal->rfind('\t') + 1), message);
  const bool rejected = std::any_of(lines.begin(), lines.end(), says_other_value);
  return {rejected ? PushOutcome::Rejected : PushOutcome::Failed, std::move(message)};
}

}  // namespace changeling::git
