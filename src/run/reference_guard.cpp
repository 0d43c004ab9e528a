#include "run/reference_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "run/git_trace.hpp"
#include "run/output_tail.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

using Values = std::map<std::string, std::string>;

constexpr std::string_view kConfig = "config ";
constexpr std::size_t kShownObject = 10;
constexpr std::size_t kShownValue = 100;

struct UserState {
  Values references;  ///< Name to object; HEAD of the main work tree to a branch or object.
  Values config;      ///< Of the repository's own file: key to values, a line each.
};

Values own_config(const Services& services) {
  const fs::path directory = services.repository.common_directory();
  const ProcessResult listed =
      services.git.run({"config", "--file", (directory / "config").string(), "--null", "--list"}, directory);
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

UserState user_state(const Services& services) {
  UserState state;
  for (const auto& [name, target] : services.repository.reference_targets())
    state.references[name] = target.hex();
  std::string head(trim(read_file_if_exists(services.repository.common_directory() / "HEAD").value_or("")));
  constexpr std::string_view symbolic = "ref: ";
  state.references["HEAD"] = head.starts_with(symbolic) ? head.substr(symbolic.size()) : head;
  state.config = own_config(services);
  return state;
}

std::optional<UserState> read_noted(const RunFiles& files) {
  const auto text = read_file_if_exists(files.references());
  if (!text) return std::nullopt;
  const Json object = parse_json(*text, files.references().string());
  return UserState{object.at("references").get<Values>(), object.at("config").get<Values>()};
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
  Comparison(const Services& services, const std::string& branch, const GitTrace& trace)
      : services_(services), branch_("refs/heads/" + branch), trace_(trace) {}

  std::vector<store::MovedReference> changes(const UserState& before, const UserState& after) const {
    std::vector<store::MovedReference> moved;
    for (const std::string& name : differing(before.references, after.references)) {
      const store::MovedReference change{name, value_in(before.references, name),
                                         value_in(after.references, name)};
      if (!is_ours(name) && is_by_agent(change)) moved.push_back(change);
    }
    for (const std::string& key : differing(before.config, after.config)) {
      if (!trace_.could_have_set(key)) continue;
      moved.push_back(
          {std::string(kConfig) + key, value_in(before.config, key), value_in(after.config, key)});
    }
    return moved;
  }

 private:
  bool is_ours(const std::string& name) const {
    return name == services_.store.reference() || name.starts_with("refs/changelings/") ||
           name.starts_with("refs/remotes/") || name == branch_ || name == branch_ + "-left-behind";
  }

  bool is_by_agent(const store::MovedReference& change) const {
    if (change.after.empty()) return trace_.deleted(change.name);
    const auto& values = trace_.values(change.name);
    // The trace does not say whose HEAD: the agent's own names other branches.
    if (change.name == "HEAD") return std::find(values.begin(), values.end(), change.after) != values.end();
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
      // A renamed branch is traced by its old name.
      return value == change.after || value.starts_with("refs/") || is_below(value, change);
    });
  }

  /// Whether somebody has gone on from where the agent had moved the reference.
  bool is_below(const std::string& value, const store::MovedReference& change) const {
    const auto placed = services_.repository.resolve_revision(value);
    const auto now = services_.repository.resolve_revision(change.after);
    if (!placed || !now || !services_.repository.is_ancestor(*placed, *now)) return false;
    const auto before = services_.repository.resolve_revision(change.before);
    return !before || !services_.repository.is_ancestor(*placed, *before);
  }

  const Services& services_;
  std::string branch_;
  const GitTrace& trace_;
};

bool put_reference_back(const Services& services, const store::MovedReference& moved, const GitTrace& trace,
                        const std::optional<git::ObjectId>& kept) {
  git::Repository& repository = services.repository;
  if (moved.before.empty()) {
    const auto commit = repository.resolve(moved.name);
    if (!commit || !kept || !repository.is_ancestor(*commit, *kept)) return false;
    return repository.remove_reference(moved.name, git::ObjectId::from_hex(moved.after)) ==
           git::SwapResult::Swapped;
  }
  const auto& values = trace.values(moved.name);
  const bool is_where_agent_put_it =
      moved.after.empty() || std::find(values.begin(), values.end(), moved.after) != values.end();
  if (!is_where_agent_put_it) return false;
  const auto now = moved.after.empty() ? std::nullopt : std::optional(git::ObjectId::from_hex(moved.after));
  return repository.compare_and_swap(moved.name, now, git::ObjectId::from_hex(moved.before),
                                     "changeling: put back what an agent had moved") ==
         git::SwapResult::Swapped;
}

/// Only what has a single value: the order of several is the user's.
bool put_setting_back(const Services& services, const store::MovedReference& moved) {
  const fs::path directory = services.repository.common_directory();
  const std::string file = (directory / "config").string();
  const std::string key = moved.name.substr(kConfig.size());
  if ((moved.before + moved.after).find('\n') != std::string::npos) return false;
  if (value_in(own_config(services), key) != moved.after) return false;
  std::vector<std::string> command{"config", "--file", file};
  if (moved.before.empty()) {
    command.insert(command.end(), {"--unset", key});
  } else {
    command.insert(command.end(), {key, moved.before});
  }
  return services.git.run(command, directory).status.success();
}

}  // namespace

void note_references(const Services& services, const RunFiles& files) {
  const UserState state = user_state(services);
  const Json object{{"references", state.references}, {"config", state.config}};
  write_file(files.references(), object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::vector<store::MovedReference> put_references_back(const Services& services, const RunFiles& files,
                                                       const std::string& branch,
                                                       const std::optional<git::ObjectId>& kept) {
  const auto before = read_noted(files);
  if (!before) return {};
  const GitTrace trace = GitTrace::read(files.git_trace());
  auto moved = Comparison(services, branch, trace).changes(*before, user_state(services));
  for (store::MovedReference& change : moved) {
    if (change.name == "HEAD") continue;
    change.put_back = change.name.starts_with(kConfig) ? put_setting_back(services, change)
                                                       : put_reference_back(services, change, trace, kept);
  }
  return moved;
}

bool is_trespass(const store::MovedReference& moved) {
  if (moved.name.starts_with(kConfig)) return !moved.put_back;
  return !moved.before.empty();
}

bool is_worth_a_look(const store::MovedReference& moved) {
  return !moved.put_back || !moved.before.empty() || moved.name.starts_with(kConfig);
}

std::string describe(const store::MovedReference& moved) {
  const bool is_object = moved.name.starts_with("refs/");
  const auto shown = [&](const std::string& value) {
    if (value.empty()) return std::string("nothing");
    return is_object ? value.substr(0, kShownObject) : first_line_of(value, kShownValue);
  };
  return fmt::format("{} from {} to {}{}", moved.name, shown(moved.before), shown(moved.after),
                     moved.put_back ? " (put back)" : "");
}

}  // namespace changeling::run
