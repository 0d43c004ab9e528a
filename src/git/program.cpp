#include "git/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <thread>

#include "git/last_words.hpp"
#include "support/error.hpp"
#include "support/interruption.hpp"
#include "support/text.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::git {

namespace {

namespace fs = std::filesystem;

/// No automatic maintenance: it could outlive this command and hold locks while the agent works.
std::vector<std::string> quiet_settings() {
  return {"-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "fetch.writeCommitGraph=false"};
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

/// Whether a line of `git push --porcelain` tells of a hook or a rule, and not of a server with a problem of
/// its own, such as a full disk.
bool says_declined(const std::string& line) {
  if (!is_refusal(line) || line.find("[remote rejected]") == std::string::npos) return false;
  constexpr std::array passing{
      "unpacker error",        "unpack failed",    "n/a (unpacker", "internal server error",
      "Internal Server Error", "failed to report", "timed out",     "timeout"};
  return std::none_of(passing.begin(), passing.end(),
                      [&](const char* reason) { return line.find(reason) != std::string::npos; });
}

/// What hooks and rules of the remote say is in lines of their own.
std::string words_of_remote(const ProcessResult& result) {
  constexpr std::string_view mark = "remote:";
  constexpr std::size_t most_lines = 12;
  std::vector<std::string> lines;
  for (const std::string& line : split_lines(result.error)) {
    const std::string_view text = trim(line);
    if (!text.starts_with(mark)) continue;
    const std::string_view said = trim(text.substr(mark.size()));
    if (!said.empty() && lines.size() < most_lines) lines.emplace_back(said);
  }
  return join(lines, "; ");
}

/// A transfer that nobody set a limit for.
constexpr std::chrono::milliseconds longest_transfer = std::chrono::minutes(30);

/// A server that sends nothing at all for this long has gone. What is asked of it is less than the signs of
/// life that git's own server sends while a hook of it works.
std::vector<std::string> idle_limits() {
  return {"-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=120"};
}

constexpr int most_fetches = 6;
constexpr std::chrono::milliseconds first_fetch_pause(20);

/// `git worktree add` makes its files one after the other, and a fetch that reads them at that moment gives
/// up: "failed to read …/worktrees/NAME/commondir: Success", or "bad object worktrees/NAME/HEAD", which is
/// the zeros that git writes there first.
bool met_half_a_worktree(const ProcessResult& result) {
  if (result.status.success()) return false;
  const auto says = [&](const char* words) { return result.error.find(words) != std::string::npos; };
  return (says("failed to read") && says("/commondir")) || (says("bad object worktrees/") && says("/HEAD"));
}

/// `git gc --prune=now` of the same moment takes the file that the pack was being written to.
bool lost_its_pack(const ProcessResult& result) {
  const auto says = [&](const char* words) { return result.error.find(words) != std::string::npos; };
  return !result.status.success() && says("unable to rename temporary") && says("pack");
}

/// Fetches until what stood in the way for a moment is gone; `fetch` is one attempt.
template <class Fetch>
ProcessResult fetch_patiently(const Fetch& fetch) {
  ProcessResult result = fetch();
  auto pause = first_fetch_pause;
  for (int attempt = 1; attempt < most_fetches && (met_half_a_worktree(result) || lost_its_pack(result));
       ++attempt, pause *= 2) {
    std::this_thread::sleep_for(pause);
    result = fetch();
  }
  return result;
}

/// Adds to what GIT_CONFIG_COUNT tells git already.
void add_settings(Environment& environment,
                  const std::vector<std::pair<std::string, std::string>>& settings) {
  const std::string known = environment.get("GIT_CONFIG_COUNT").value_or("0");
  std::size_t count = 0;
  std::from_chars(known.data(), known.data() + known.size(), count);
  for (const auto& [key, value] : settings) {
    environment.set(fmt::format("GIT_CONFIG_KEY_{}", count), key);
    environment.set(fmt::format("GIT_CONFIG_VALUE_{}", count), value);
    ++count;
  }
  environment.set("GIT_CONFIG_COUNT", std::to_string(count));
}

}  // namespace

GitProgram::GitProgram(ProcessRunner& runner, Environment environment, std::filesystem::path repository,
                       Session session)
    : runner_(runner),
      environment_(without_repository_variables(environment)),
      repository_(std::move(repository)),
      session_(session) {
  if (session == Session::Own) environment_.set("GIT_TERMINAL_PROMPT", "0");
  // What we do with git is no event of the user's: the lines in hooks start nothing where this is set.
  environment_.set("CHANGELING_HOOKS", "off");
  environment_.set("GIT_NO_REPLACE_OBJECTS", "1");
  // Messages are shown to people as they are, but the few words we look at must not be translated.
  environment_.set("LC_MESSAGES", "C");
  environment_.unset("LC_ALL");
}

ProcessResult GitProgram::run(std::vector<std::string> arguments, const std::filesystem::path& directory,
                              std::chrono::milliseconds time_limit, const std::string& standard_input) const {
  Command command = command_for(std::move(arguments), directory);
  command.standard_input = standard_input;
  // Only with() sets these, and it counts more than any other word about where the repository is.
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}) {
    if (const auto value = environment_.get(name)) command.environment->set(name, *value);
  }
  return runner_.run(command, time_limit);
}

void GitProgram::place(Environment& environment) const {
  environment.set("GIT_DIR", place_.git_directory.string());
  if (place_.work_tree) environment.set("GIT_WORK_TREE", place_.work_tree->string());
  if (*sealed_) environment.set("GIT_DIR", (*sealed_)->folder().string());
  keep_to_seal(environment);
}

void GitProgram::keep_to_seal(Environment& environment) const {
  if (!*sealed_) return;
  (*sealed_)->refresh();
  environment.set("GIT_CONFIG_NOSYSTEM", "1");
  environment.set("GIT_CONFIG_GLOBAL", "/dev/null");
}

ProcessResult GitProgram::run_from_folder(std::vector<std::string> arguments,
                                          std::chrono::milliseconds time_limit,
                                          const std::string& standard_input) const {
  const fs::path here =
      place_.work_tree.value_or(place_.git_directory.empty() ? repository_ : place_.git_directory);
  Command command = command_for(std::move(arguments), *sealed_ ? (*sealed_)->tree() : here);
  keep_to_seal(*command.environment);
  command.standard_input = standard_input;
  return runner_.run(command, time_limit);
}

std::shared_ptr<void> GitProgram::seal(SealedRepository sealed) const {
  *sealed_ = std::move(sealed);
  return {nullptr, [slot = sealed_](void*) { slot->reset(); }};
}

Command GitProgram::command_for(std::vector<std::string> arguments, const fs::path& directory) const {
  // These run no hook, and are to tell what the user's git would do.
  const bool is_asked_for_settings =
      !arguments.empty() && (arguments.front() == "config" || arguments.front() == "rev-parse");
  arguments.insert(arguments.begin(), "git");
  Command command;
  command.arguments = std::move(arguments);
  command.working_directory = directory.empty() ? repository_ : directory;
  command.environment = environment_;
  if (!is_asked_for_settings) {
    add_settings(*command.environment, {{"core.hooksPath", "/dev/null"}, {"core.fsmonitor", "false"}});
  }
  if (directory.empty() && !place_.git_directory.empty()) place(*command.environment);
  command.session = session_;
  return command;
}

ProcessResult GitProgram::run_transfer(Transfer transfer, const std::string& remote,
                                       std::vector<std::string> arguments,
                                       std::chrono::milliseconds time_limit) const {
  const std::vector<std::string> limits = idle_limits();
  arguments.insert(arguments.begin(), limits.begin(), limits.end());
  Command command = command_for(std::move(arguments));
  // Alone of what we do with git these ask for credentials.
  command.environment = with_withheld_tokens(*std::move(command.environment));
  const auto started = std::chrono::steady_clock::now();
  if (on_transfer_) {
    command.on_wait = [&] {
      on_transfer_(
          transfer, remote,
          std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started));
    };
  }
  if (interruption_ != nullptr) {
    command.stop_requested = [&] { return interruption_->requested(); };
    // Also before anything is started: the question may be what prepares this process for being interrupted.
    check_interruption(interruption_, "talking to " + remote);
  }
  if (time_limit == std::chrono::milliseconds(0)) time_limit = longest_transfer;
  ProcessResult result = runner_.run(command, time_limit);
  if (on_transfer_) on_transfer_(transfer, remote, std::nullopt);
  if (result.stopped) {
    throw Error(ErrorKind::Interrupted,
                fmt::format("the {} was interrupted",
                            transfer == Transfer::Push ? "push to " + remote : "fetch from " + remote));
  }
  return result;
}

ProcessResult GitProgram::ask(const std::string& remote, std::vector<std::string> arguments,
                              std::chrono::milliseconds time_limit) const {
  return run_transfer(Transfer::Fetch, remote, std::move(arguments), time_limit);
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

GitProgram GitProgram::with(const std::map<std::string, std::string>& variables) const {
  GitProgram copy = *this;
  for (const auto& [name, value] : variables) copy.environment_.set(name, value);
  return copy;
}

GitProgram GitProgram::with(const std::map<std::string, std::string>& variables,
                            const std::filesystem::path& directory) const {
  GitProgram copy = with(variables);
  copy.repository_ = directory;
  copy.place_ = {};
  return copy;
}

std::optional<std::string> GitProgram::fetch(const std::string& remote,
                                             const std::vector<std::string>& refspecs,
                                             std::chrono::milliseconds time_limit,
                                             const FetchScope& scope) const {
  std::vector<std::string> arguments = quiet_settings();
  // What is configured for the remote would move, prune or bring in more than what is asked for: in a mirror
  // clone +refs/*:refs/* puts the remote's value over the state and what is not shared yet.
  for (const char* word : {"fetch", "--quiet", "--no-write-fetch-head", "--no-recurse-submodules",
                           "--refmap=", "--no-tags", "--no-prune", "--no-prune-tags"})
    arguments.emplace_back(word);
  // Not --unshallow, which would bring the whole history of everything.
  if (scope.all_history) arguments.emplace_back("--depth=2147483646");
  if (scope.all_objects) arguments.emplace_back("--no-filter");
  if (scope.again) arguments.emplace_back("--refetch");
  arguments.push_back(remote);
  arguments.insert(arguments.end(), refspecs.begin(), refspecs.end());
  const ProcessResult result =
      fetch_patiently([&] { return run_transfer(Transfer::Fetch, remote, arguments, time_limit); });
  if (result.timed_out) return "git fetch did not finish in time";
  if (!result.status.success()) return last_words(result);
  return std::nullopt;
}

std::optional<std::string> GitProgram::take(const std::filesystem::path& folder, const ObjectId& commit,
                                            const std::string& reference) const {
  std::vector<std::string> arguments = quiet_settings();
  // As a pack, which git keeps from a `git gc` of the same moment until the reference is there.
  for (const char* setting : {"fetch.fsckObjects=true", "fetch.unpackLimit=1", "protocol.allow=never",
                              "protocol.file.allow=always", "protocol.version=2"})
    arguments.insert(arguments.end(), {"-c", setting});
  for (const char* word : {"fetch", "--quiet", "--no-tags", "--force", "--no-write-fetch-head",
                           "--refmap=", "--no-recurse-submodules"})
    arguments.emplace_back(word);
  arguments.push_back(folder.string());
  arguments.push_back(fmt::format("{}:{}", commit.hex(), reference));
  const ProcessResult result = fetch_patiently([&] { return run(arguments); });
  if (result.status.success()) return std::nullopt;
  return std::string(trim(last_part(result.error, 500)));
}

GitProgram::PushResult GitProgram::push(const std::string& remote, const ObjectId& commit,
                                        const std::string& branch,
                                        const std::optional<ObjectId>& replaces) const {
  return push_to(remote, commit, fmt::format("refs/heads/{}", branch), replaces, std::chrono::milliseconds(0),
                 true);
}

GitProgram::PushResult GitProgram::push_reference(const std::string& remote, const ObjectId& commit,
                                                  const std::string& reference,
                                                  const std::optional<ObjectId>& replaces,
                                                  std::chrono::milliseconds time_limit) const {
  return push_to(remote, commit, reference, replaces, time_limit, false);
}

GitProgram::PushResult GitProgram::push_to(const std::string& remote, const ObjectId& commit,
                                           const std::string& reference,
                                           const std::optional<ObjectId>& replaces,
                                           std::chrono::milliseconds time_limit,
                                           bool with_push_options) const {
  // A mirror's push takes no names of references. Signed pushes, tags and submodules that the user has asked
  // for are about the user's own pushes.
  std::vector<std::string> arguments{"-c", fmt::format("remote.{}.mirror=false", remote)};
  if (!with_push_options) arguments.insert(arguments.end(), {"-c", "push.pushOption="});
  for (const char* word :
       {"push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no"})
    arguments.emplace_back(word);
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
  const std::string reason = refusal == lines.end() ? "" : refusal->substr(refusal->rfind('\t') + 1);
  if (!reason.empty()) message = fmt::format("{}; {}", reason, message);
  if (std::any_of(lines.begin(), lines.end(), says_other_value))
    return {PushOutcome::Rejected, std::move(message)};
  if (!std::any_of(lines.begin(), lines.end(), says_declined))
    return {PushOutcome::Failed, std::move(message)};
  const std::string words = words_of_remote(result);
  return {PushOutcome::Declined, words.empty() ? reason : fmt::format("{}; {}", reason, words)};
}

}  // namespace changeling::git
