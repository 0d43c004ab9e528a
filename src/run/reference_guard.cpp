#include "run/reference_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "git/locked_reference.hpp"
#include "run/git_trace.hpp"
#include "run/output_tail.hpp"
#include "run/repository_files.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

using Values = std::map<std::string, std::string>;

constexpr std::string_view kConfig = "config ";
/// Before the name of what somebody has changed, when nothing tells whether it was the agent.
constexpr std::string_view kUnclear = "unclear ";
/// Before the name of what the trace does not show, and anybody may have changed.
constexpr std::string_view kMeanwhile = "meanwhile ";
constexpr std::string_view kKept = "refs/changelings/kept/";
constexpr std::string_view kTracking = "refs/remotes/";
constexpr std::size_t kShownObject = 10;
constexpr std::size_t kShownValue = 100;

struct UserState {
  Values references;   ///< Name to object; HEAD of the main work tree to a branch or object.
  std::string config;  ///< The repository's own file.
  std::map<std::string, std::uintmax_t> logs;  ///< Name to the size of its reflog in bytes.
  Values heads;                                ///< Work tree to what is checked out there.
  std::string main_work_tree;                  ///< Empty for a bare repository.
  std::optional<Values> files;                 ///< Path to mark, where they are watched.
};

fs::path log_of(const project::Services& services, const std::string& name) {
  return services.repository.common_directory() / "logs" / name;
}

/// Empty when it cannot be read.
std::string own_config(const project::Services& services) try {
  return read_file_if_exists(services.repository.common_directory() / "config").value_or("");
} catch (const Error&) {
  return "";
}

/// Key to values, a line each.
Values read_config(const project::Services& services, const std::string& text) {
  const ProcessResult listed = services.git.run({"config", "--file", "-", "--null", "--list"},
                                                services.repository.common_directory(), {}, text);
  Values config;
  for (const std::string& entry : split(listed.output, '\0')) {
    const auto end = entry.find('\n');
    // Which branch follows which is bookkeeping of `git branch` and `git push`.
    if (entry.empty() || entry.starts_with("branch.")) continue;
    std::string& value = config[entry.substr(0, end)];
    if (!value.empty()) value += '\n';
    value += end == std::string::npos ? "true" : entry.substr(end + 1);
  }
  return config;
}

UserState user_state(const project::Services& services) {
  UserState state;
  for (const auto& [name, target] : services.repository.reference_targets())
    state.references[name] = target.hex();
  std::string head(trim(read_file_if_exists(services.repository.common_directory() / "HEAD").value_or("")));
  constexpr std::string_view symbolic = "ref: ";
  state.references["HEAD"] = head.starts_with(symbolic) ? head.substr(symbolic.size()) : head;
  state.config = own_config(services);
  return state;
}

/// The first work tree that git lists is the main one.
void add_listed_work_trees(const project::Services& services, UserState& state) {
  const ProcessResult listed =
      services.git.run({"worktree", "list", "--porcelain"}, services.repository.common_directory());
  std::string path;
  bool is_main = true;
  std::error_code ignored;
  for (const std::string& line : split_lines(listed.output)) {
    constexpr std::string_view tree = "worktree ";
    constexpr std::string_view branch = "branch ";
    if (line.starts_with(tree)) {
      is_main = path.empty();
      path = fs::weakly_canonical(line.substr(tree.size()), ignored).string();
      state.heads[path] = "";
      if (is_main) state.main_work_tree = path;
    } else if (line.starts_with(branch)) {
      state.heads[path] = line.substr(branch.size());
    } else if (line == "bare") {
      state.heads.erase(path);
      if (is_main) state.main_work_tree.clear();
    }
  }
}

void add_work_trees(const project::Services& services, UserState& state) {
  std::error_code ignored;
  // Where none is linked there is the one that we are in at most.
  if (fs::exists(services.repository.common_directory() / "worktrees", ignored))
    add_listed_work_trees(services, state);
  // With its git folder elsewhere (--separate-git-dir, a submodule) git does not name the main one.
  if (const auto here = services.repository.work_tree()) {
    const std::string canonical = fs::weakly_canonical(*here, ignored).string();
    if (state.heads.count(canonical) == 0) {
      state.main_work_tree = canonical;
      state.heads[canonical] = state.references["HEAD"];
    }
  }
}

void add_logs(const project::Services& services, UserState& state) {
  for (const auto& [name, value] : state.references) {
    std::error_code missing;
    const auto size = fs::file_size(log_of(services, name), missing);
    if (!missing) state.logs[name] = size;
  }
}

UserState read_notes(const std::string& notes) {
  const Json object = parse_json(notes, "the notes of the run");
  UserState state;
  state.references = object.at("references").get<Values>();
  state.config = object.at("config").get<std::string>();
  state.logs = object.at("logs").get<std::map<std::string, std::uintmax_t>>();
  state.heads = object.at("heads").get<Values>();
  state.main_work_tree = object.at("main_work_tree").get<std::string>();
  if (object.contains("files")) state.files = object.at("files").get<Values>();
  return state;
}

std::optional<GitTrace> read_trace(const project::Services& services, const project::RunFiles& files,
                                   const UserState& noted) {
  TracedRepository repository;
  repository.common_directory = services.repository.common_directory().string();
  repository.main_work_tree = noted.main_work_tree;
  repository.heads = noted.heads;
  for (const auto& [name, value] : noted.references) repository.references.insert(name);
  return GitTrace::read(files.git_trace(), repository);
}

/// How often the reference was moved since then, as its reflog tells; one that is gone says nothing.
std::size_t moves_since(const project::Services& services, const UserState& noted, const std::string& name) {
  const auto log = read_file_if_exists(log_of(services, name));
  if (!log) return 1;
  const auto size = noted.logs.find(name);
  const bool goes_on = size != noted.logs.end() && size->second <= log->size();
  const auto start = log->begin() + static_cast<std::ptrdiff_t>(goes_on ? size->second : 0);
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::count(start, log->end(), '\n')));
}

std::string value_in(const Values& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

/// The names whose values differ.
std::set<std::string> differing(const Values& one, const Values& other) {
  std::set<std::string> names;
  for (const auto& [name, value] : one)
    if (value_in(other, name) != value) names.insert(name);
  for (const auto& [name, value] : other)
    if (one.count(name) == 0) names.insert(name);
  return names;
}

class Comparison {
 public:
  /// Without a trace nothing tells who changed what.
  Comparison(const project::Services& services, const std::string& branch,
             const std::optional<GitTrace>& trace)
      : services_(services),
        branch_("refs/heads/" + branch),
        own_kept_(fmt::format("{}{}/", kKept, branch.substr(branch.rfind('/') + 1))),
        trace_(trace) {}

  std::vector<store::MovedReference> changes(const UserState& before, const UserState& after) const {
    std::vector<store::MovedReference> moved;
    for (const std::string& name : differing(before.references, after.references)) {
      if (is_ours(name)) continue;
      const bool is_agents = trace_ && trace_->moves(name) > 0;
      if (!is_agents && (!is_unclear(name) || moves_by_itself(name, before))) continue;
      moved.push_back({(is_agents ? "" : std::string(kUnclear)) + name, value_in(before.references, name),
                       value_in(after.references, name)});
    }
    if (before.config != after.config) add_settings(before, after.config, moved);
    if (before.files && after.files) add_files(*before.files, *after.files, moved);
    return moved;
  }

 private:
  void add_settings(const UserState& before, const std::string& after,
                    std::vector<store::MovedReference>& moved) const {
    const Values then = read_config(services_, before.config);
    const Values now = read_config(services_, after);
    for (const std::string& key : differing(then, now)) {
      if (trace_ && !trace_->could_have_set(key)) {
        // Without its value: a setting of the user's may be a secret.
        if (before.files) moved.push_back({fmt::format("{}{}{}", kMeanwhile, kConfig, key), "", ""});
        continue;
      }
      moved.push_back({std::string(trace_ ? "" : kUnclear) + std::string(kConfig) + key, value_in(then, key),
                       value_in(now, key)});
    }
  }

  static void add_files(const Values& before, const Values& after,
                        std::vector<store::MovedReference>& moved) {
    for (const std::string& path : differing(before, after))
      moved.push_back(
          {std::string(kMeanwhile) + path, size_in(value_in(before, path)), size_in(value_in(after, path))});
  }

  bool is_ours(const std::string& name) const {
    if (name.starts_with(kKept)) return name.starts_with(own_kept_);
    return name == services_.store.reference() || name.starts_with("refs/changelings/") || name == branch_ ||
           name == branch_ + "-left-behind";
  }

  /// What fetches, pushes and other runs move all the time is the agent's only where the trace shows it.
  static bool moves_by_itself(const std::string& name, const UserState& before) {
    return name.starts_with(kTracking) || (name.starts_with(kKept) && !before.references.contains(name));
  }

  bool is_unclear(const std::string& name) const {
    return !trace_ || (trace_->moved_unnamed() && name != "HEAD");
  }

  const project::Services& services_;
  std::string branch_;
  std::string own_kept_;  ///< Commits that were put away for this run.
  const std::optional<GitTrace>& trace_;
};

/// `is_only_agents`: nobody else has moved it as well.
bool put_reference_back(const project::Services& services, const store::MovedReference& moved,
                        bool is_only_agents, const std::optional<git::ObjectId>& kept) try {
  git::Repository& repository = services.repository;
  if (moved.before.empty()) {
    const auto commit = repository.resolve(moved.name);
    if (!commit || !kept || !repository.is_ancestor(*commit, *kept)) return false;
    return repository.remove_reference(moved.name, git::ObjectId::from_hex(moved.after)) ==
           git::SwapResult::Swapped;
  }
  if (!is_only_agents) return false;
  const auto now = moved.after.empty() ? std::nullopt : std::optional(git::ObjectId::from_hex(moved.after));
  return repository.compare_and_swap(moved.name, now, git::ObjectId::from_hex(moved.before),
                                     "changeling: put back what an agent had moved") ==
         git::SwapResult::Swapped;
} catch (const git::LockedReference&) {
  return false;
}

/// Whether nothing tells who has changed it.
bool is_open(const store::MovedReference& moved) {
  return moved.name.starts_with(kUnclear) || moved.name.starts_with(kMeanwhile);
}

/// Only what has a single value: the order of several is the user's.
bool put_setting_back(const project::Services& services, const store::MovedReference& moved) {
  const fs::path directory = services.repository.common_directory();
  const std::string file = (directory / "config").string();
  const std::string key = moved.name.substr(kConfig.size());
  if ((moved.before + moved.after).find('\n') != std::string::npos) return false;
  if (value_in(read_config(services, own_config(services)), key) != moved.after) return false;
  std::vector<std::string> command{"config", "--file", file};
  if (moved.before.empty()) {
    command.insert(command.end(), {"--unset", key});
  } else {
    command.insert(command.end(), {key, moved.before});
  }
  return services.git.run(command, directory).status.success();
}

}  // namespace

std::string note_references(const project::Services& services, const project::RunFiles& files,
                            Watched watched) {
  UserState state = user_state(services);
  add_work_trees(services, state);
  add_logs(services, state);
  Json object{{"references", state.references},
              {"config", state.config},
              {"logs", state.logs},
              {"heads", state.heads},
              {"main_work_tree", state.main_work_tree}};
  if (watched == Watched::FilesAsWell)
    object["files"] = marks_of_repository_files(services.repository.common_directory());
  std::string notes = object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  write_file(files.references(), notes);
  GitTrace::begin(files.git_trace());
  return notes;
}

std::vector<store::MovedReference> put_references_back(const project::Services& services,
                                                       const project::RunFiles& files,
                                                       const std::string& notes, const std::string& branch,
                                                       const std::optional<git::ObjectId>& kept) {
  if (notes.empty()) return {};
  const UserState before = read_notes(notes);
  const auto trace = read_trace(services, files, before);
  UserState after = user_state(services);
  if (before.files) after.files = marks_of_repository_files(services.repository.common_directory());
  auto moved = Comparison(services, branch, trace).changes(before, after);
  for (store::MovedReference& change : moved) {
    if (change.name == "HEAD" || is_open(change)) continue;
    if (change.name.starts_with(kConfig)) {
      change.put_back = put_setting_back(services, change);
    } else {
      const bool is_only_agents = moves_since(services, before, change.name) <= trace->moves(change.name);
      change.put_back = put_reference_back(services, change, is_only_agents, kept);
    }
  }
  return moved;
}

bool is_trespass(const store::MovedReference& moved) {
  if (is_open(moved)) return false;
  if (moved.name.starts_with(kConfig)) return !moved.put_back;
  // A fetch does that, too.
  return !moved.before.empty() && !moved.name.starts_with(kTracking);
}

bool is_worth_a_look(const store::MovedReference& moved) {
  if (moved.name.starts_with(kMeanwhile)) return false;
  return !moved.put_back || !moved.before.empty() || moved.name.starts_with(kConfig);
}

std::string describe(const store::MovedReference& moved) {
  if (moved.name.starts_with(kMeanwhile))
    return moved.name.substr(kMeanwhile.size()) + " (changed while the run was going on)";
  const bool is_unclear = moved.name.starts_with(kUnclear);
  const std::string name = moved.name.substr(is_unclear ? kUnclear.size() : 0);
  const bool is_object = name.starts_with("refs/");
  const auto shown = [&](const std::string& value) {
    if (value.empty()) return std::string("nothing");
    return is_object ? value.substr(0, kShownObject) : first_line_of(value, kShownValue);
  };
  const char* note = moved.put_back ? " (put back)" : "";
  if (is_unclear) note = " (changed during the run, by whom cannot be told)";
  return fmt::format("{} from {} to {}{}", name, shown(moved.before), shown(moved.after), note);
}

}  // namespace changeling::run
