#include "run/git_trace.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// Some ten thousand commands; what is cut off counts as no trace.
constexpr std::size_t most_bytes = std::size_t{128} << 20;
constexpr std::string_view kFirstLine = R"({"event":"changeling"})";

/// One program of git, from its events.
struct TracedProgram {
  GitCommand command;
  std::optional<GitCommand> alias;
  std::string work_tree;
  std::string git_directory;  ///< GIT_DIR in its environment.
  std::string mode;           ///< Of checkout: "branch" or "path".
  std::int64_t exit_code = 0;
};

/// The programs in the order of their starts, by session id: that of a child begins with its parent's.
struct TracedPrograms {
  std::vector<std::string> order;
  std::map<std::string, TracedProgram> by_session;

  void add(const Json& event) {
    const std::string session = json_string(event, "sid").value_or("");
    const std::string kind = json_string(event, "event").value_or("");
    if (kind == "start") {
      if (by_session.count(session) == 0) order.push_back(session);
      by_session[session].command = GitCommand::from_arguments(json_strings(event, "argv"));
      return;
    }
    const auto found = by_session.find(session);
    if (found == by_session.end()) return;
    TracedProgram& program = found->second;
    if (kind == "alias") {
      auto words = json_strings(event, "argv");
      words.insert(words.begin(), "git");
      program.alias = GitCommand::from_arguments(words);
    } else if (kind == "def_repo") {
      program.work_tree = json_string(event, "worktree").value_or("");
    } else if (kind == "cmd_mode") {
      program.mode = json_string(event, "name").value_or("");
    } else if (kind == "def_param" && json_string(event, "param") == "GIT_DIR") {
      program.git_directory = json_string(event, "value").value_or("");
    } else if (kind == "exit") {
      program.exit_code = json_integer(event, "code").value_or(0);
    }
  }

  bool has_child(const std::string& session) const {
    const auto next = by_session.upper_bound(session + "/");
    return next != by_session.end() && next->first.starts_with(session + "/");
  }
};

}  // namespace

/// Goes through the programs in their order and keeps in mind which branch is checked out where.
class TraceReader {
 public:
  TraceReader(TracedPrograms programs, const TracedRepository& repository)
      : programs_(std::move(programs)), repository_(repository), known_(repository.references) {
    for (const auto& [path, branch] : repository.heads) heads_[path] = {branch, ""};
  }

  GitTrace read() {
    for (const std::string& session : programs_.order) take(session, programs_.by_session.at(session));
    return trace_;
  }

 private:
  struct Head {
    std::string now;       ///< Full name of a branch; empty: on a commit.
    std::string previous;  ///< For "-".
  };

  void take(const std::string& session, const TracedProgram& program) {
    // Newer versions of git start another git for what an alias stands for.
    const bool is_alias = program.alias && !programs_.has_child(session);
    const GitCommand& command = is_alias ? *program.alias : program.command;
    const auto work_tree = work_tree_of(program);
    if (!work_tree) return;
    trace_.commands_.insert(to_lower(command.name + " " + join(command.arguments, " ")));
    if (program.exit_code != 0 && !may_fail_halfway(command)) return;
    const GitEffect effect = is_push_to_us(command) ? effect_of_parent(session) : effect_of(command);
    std::set<std::string> moved = effect.references;
    const bool switched = effect.switches_to && program.mode != "path" && switch_head(*work_tree, effect);
    const bool is_users = !work_tree->empty() && *work_tree == repository_.main_work_tree;
    if (is_users && (switched || effect.may_leave_head)) moved.insert("HEAD");
    if (const auto head = heads_.find(*work_tree); head != heads_.end()) {
      if (effect.moves_current && !head->second.now.empty()) moved.insert(head->second.now);
    }
    if (!effect.added_work_tree.empty()) added_[effect.added_work_tree] = effect.added_branch;
    for (const std::string& folder : effect.folders) ++trace_.folders_[folder];
    trace_.moved_unnamed_ = trace_.moved_unnamed_ || effect.any_reference;
    count(session, std::move(moved));
  }

  /// What a program starts (`git pull` a `git merge`) is part of its own move.
  void count(const std::string& session, std::set<std::string> moved) {
    for (auto slash = session.find('/'); slash != std::string::npos; slash = session.find('/', slash + 1)) {
      const auto parent = moved_by_.find(session.substr(0, slash));
      if (parent == moved_by_.end()) continue;
      for (const std::string& name : parent->second) moved.erase(name);
    }
    for (const std::string& name : moved) {
      ++trace_.references_[name];
      known_.insert(name);
    }
    moved_by_[session] = std::move(moved);
  }

  /// Empty when it cannot be told; nothing for that of another repository.
  std::optional<std::string> work_tree_of(const TracedProgram& program) {
    for (const std::string& given : {program.command.git_directory, program.git_directory}) {
      if (given.empty()) continue;
      std::error_code ignored;
      const fs::path directory = fs::weakly_canonical(fs::path(program.work_tree) / given, ignored);
      if (directory == fs::path(repository_.common_directory)) return repository_.main_work_tree;
    }
    const std::string& path = program.work_tree;
    if (path.empty() || heads_.count(path) > 0) return path;
    // One that the agent has added, and perhaps removed again.
    const auto added = added_.find(fs::path(path).filename().string());
    if (added == added_.end()) return std::nullopt;
    heads_[path] = {added->second.empty() ? "" : branch_reference(added->second), ""};
    return path;
  }

  /// From a clone: what the user's repository gets is told by who sends it.
  bool is_push_to_us(const GitCommand& command) const {
    if (command.name != "receive-pack" || command.arguments.empty()) return false;
    std::error_code ignored;
    const fs::path path = fs::weakly_canonical(command.arguments.back(), ignored);
    return path == fs::path(repository_.common_directory) ||
           (!repository_.main_work_tree.empty() && path == fs::path(repository_.main_work_tree));
  }

  GitEffect effect_of_parent(const std::string& session) const {
    const auto parent = programs_.by_session.find(session.substr(0, session.rfind('/')));
    if (parent == programs_.by_session.end() || parent->second.command.name != "push") return {};
    return effect_on_remote(parent->second.command);
  }

  /// Whether HEAD is on something else, or may be, afterwards.
  bool switch_head(const std::string& work_tree, const GitEffect& effect) {
    Head& head = heads_[work_tree];
    std::string next;
    if (effect.switches_to == "-") {
      next = head.previous;
    } else if (const std::string branch = branch_reference(*effect.switches_to);
               effect.is_new_branch || is_branch(branch, *effect.switches_to)) {
      next = branch;
    }
    if (next == head.now && !next.empty()) return false;
    head = {next, head.now};
    return true;
  }

  /// Or becomes one: of a name that only a remote has git makes a branch.
  bool is_branch(const std::string& reference, const std::string& name) const {
    if (known_.count(reference) > 0) return true;
    return std::any_of(known_.begin(), known_.end(), [&](const std::string& known) {
      constexpr std::string_view remotes = "refs/remotes/";
      if (!known.starts_with(remotes)) return false;
      const auto slash = known.find('/', remotes.size());
      return slash != std::string::npos && known.substr(slash + 1) == name;
    });
  }

  TracedPrograms programs_;
  const TracedRepository& repository_;
  std::set<std::string> known_;
  std::map<std::string, Head> heads_;
  std::map<std::string, std::string> added_;
  std::map<std::string, std::set<std::string>> moved_by_;
  GitTrace trace_;
};

void GitTrace::begin(const fs::path& file) {
  write_file(file, std::string(kFirstLine) + "\n", Outlives::Process);
}

std::optional<GitTrace> GitTrace::read(const fs::path& file, const TracedRepository& repository) {
  // Without a sandbox an agent can put anything in its place, also what never ends.
  const auto text = read_regular_file(file, most_bytes);
  if (!text) return std::nullopt;
  std::istringstream stream(*text);
  std::string line;
  if (!std::getline(stream, line) || line != kFirstLine) return std::nullopt;
  TracedPrograms programs;
  while (std::getline(stream, line)) {
    // git writes whole lines at once.
    const Json event = Json::parse(line, nullptr, false);
    if (!event.is_object()) return std::nullopt;
    programs.add(event);
  }
  return TraceReader(std::move(programs), repository).read();
}

std::size_t GitTrace::moves(const std::string& reference) const {
  std::size_t count = 0;
  if (const auto found = references_.find(reference); found != references_.end()) count = found->second;
  for (const auto& [folder, times] : folders_)
    if (reference.starts_with(folder)) count += times;
  return count;
}

bool GitTrace::could_have_set(std::string_view key) const {
  constexpr std::array<std::string_view, 6> writers{"config",    "remote", "push",
                                                    "submodule", "lfs",    "sparse-checkout"};
  const std::string wanted = to_lower(key);
  // "remote.origin.url" is set with "git remote set-url origin …" as well.
  const auto first = wanted.find('.');
  const std::string section = wanted.substr(0, first);
  return std::any_of(commands_.begin(), commands_.end(), [&](const std::string& command) {
    const std::string program = command.substr(0, command.find(' '));
    if (std::find(writers.begin(), writers.end(), program) == writers.end()) return false;
    return command.find(program == "config" ? wanted : section) != std::string::npos;
  });
}

}  // namespace changeling::run
