#include "run/git_command.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <string_view>

#include "run/git_words.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

Words words_of(const GitCommand& command, const Valued& valued) {
  return Words::of(command.arguments, valued);
}

std::string reference(const std::string& folder, const std::string& name) {
  return name.starts_with("refs/") ? name : folder + name;
}

void switch_to_new(GitEffect& effect, const std::string& name) {
  effect.references.insert(branch_reference(name));
  effect.switches_to = name;
  effect.is_new_branch = true;
}

GitEffect branch(const GitCommand& command) {
  const Words words = words_of(
      command,
      {"u", {"--set-upstream-to", "--sort", "--format", "--contains", "--no-contains", "--points-at"}});
  GitEffect effect;
  const bool is_renamed = words.has({"-m", "-M", "--move", "-c", "-C", "--copy"});
  const bool is_deleted = words.has({"-d", "-D", "--delete"});
  const bool lists = words.has({"-l", "--list", "-a", "--all", "-r", "--remotes", "--show-current",
                                "--contains", "--no-contains", "--merged", "--no-merged", "--points-at"});
  const bool configures = words.has({"-u", "--set-upstream-to", "--unset-upstream", "--edit-description"});
  if (lists || configures || words.positional.empty()) return effect;
  const auto end = is_renamed || is_deleted ? words.positional.end() : words.positional.begin() + 1;
  for (auto name = words.positional.begin(); name != end; ++name)
    effect.references.insert(branch_reference(*name));
  // With one name the branch that HEAD is on gets it.
  if (is_renamed && words.positional.size() == 1) {
    effect.moves_current = !words.has({"-c", "-C", "--copy"});
  }
  return effect;
}

GitEffect check_out(const GitCommand& command) {
  const bool is_switch = command.name == "switch";
  const Words words =
      words_of(command, {is_switch ? "cC" : "bB",
                         {"--orphan", "--create", "--force-create", "--conflict", "--pathspec-from-file"}});
  GitEffect effect;
  const std::string created = words.value({"-b", "-B", "-c", "-C", "--create", "--force-create", "--orphan"});
  if (!created.empty()) {
    switch_to_new(effect, created);
    return effect;
  }
  if (words.positional.empty() || (words.has_dashes && !is_switch)) return effect;
  // `git checkout COMMIT FILE` leaves HEAD where it is.
  if (words.positional.size() > 1 || words.has({"--pathspec-from-file", "-p", "--patch"})) return effect;
  const std::string& name = words.positional[0];
  if (words.has({"-t", "--track"})) {
    switch_to_new(effect, name.substr(name.find('/') + 1));
  } else {
    effect.switches_to = words.has({"--detach", "-d"}) ? "" : name;
  }
  return effect;
}

GitEffect update_reference(const GitCommand& command) {
  const Words words = words_of(command, {"m", {}});
  GitEffect effect;
  effect.any_reference = words.has({"--stdin"});
  if (effect.any_reference || words.positional.empty()) return effect;
  if (words.positional[0] == "HEAD") {
    effect.moves_current = true;
  } else {
    effect.references.insert(words.positional[0]);
  }
  return effect;
}

GitEffect symbolic_reference(const GitCommand& command) {
  const Words words = words_of(command, {"m", {}});
  GitEffect effect;
  const bool is_deleted = words.has({"-d", "--delete"});
  if (words.positional.empty() || (words.positional.size() < 2 && !is_deleted)) return effect;
  if (words.positional[0] != "HEAD") {
    effect.references.insert(words.positional[0]);
  } else if (words.positional.size() > 1) {
    effect.switches_to = words.positional[1];
    effect.is_new_branch = true;
  }
  return effect;
}

GitEffect tag(const GitCommand& command) {
  const Words words =
      words_of(command, {"mFu",
                         {"--message", "--file", "--local-user", "--cleanup", "--sort", "--format",
                          "--contains", "--no-contains", "--points-at", "--trailer"}});
  GitEffect effect;
  const bool only_reads = words.has({"-l", "--list", "-n", "-v", "--verify", "--contains", "--no-contains",
                                     "--merged", "--no-merged", "--points-at"});
  if (only_reads || words.positional.empty()) return effect;
  const bool is_deleted = words.has({"-d", "--delete"});
  for (const std::string& name : words.positional) {
    effect.references.insert(reference("refs/tags/", name));
    if (!is_deleted) break;
  }
  return effect;
}

/// Of a destination without a folder git finds out by what is there which it is.
void add_destination(GitEffect& effect, std::string name) {
  if (name.starts_with('+')) name.erase(0, 1);
  if (name.find('*') != std::string::npos) {
    effect.folders.insert(name.substr(0, name.find('*')));
  } else if (!name.empty()) {
    effect.references.insert(branch_reference(name));
    effect.references.insert(reference("refs/tags/", name));
  }
}

bool is_path(const std::string& remote) {
  return remote == "." || remote == ".." || remote.starts_with("file://") ||
         (remote.find('/') != std::string::npos && remote.find(':') == std::string::npos);
}

Words words_of_push(const GitCommand& command) {
  return words_of(command, {"o", {"--push-option", "--receive-pack", "--exec", "--repo"}});
}

GitEffect push(const GitCommand& command) {
  const Words words = words_of_push(command);
  return !words.positional.empty() && is_path(words.positional[0]) ? effect_on_remote(command) : GitEffect();
}

GitEffect fetch(const GitCommand& command) {
  const bool is_pull = command.name == "pull";
  const Words words = words_of(
      command, {is_pull ? "josX" : "jo",
                {"--depth", "--deepen", "--shallow-since", "--shallow-exclude", "--server-option", "--refmap",
                 "--upload-pack", "--negotiation-tip", "--jobs", "--strategy", "--strategy-option"}});
  GitEffect effect;
  effect.moves_current = is_pull;
  for (std::size_t index = 1; index < words.positional.size(); ++index) {
    const std::string& refspec = words.positional[index];
    if (const auto colon = refspec.find(':'); colon != std::string::npos)
      add_destination(effect, refspec.substr(colon + 1));
  }
  return effect;
}

GitEffect work_tree(const GitCommand& command) {
  const Words words = words_of(command, {"bB", {"--reason", "--orphan"}});
  GitEffect effect;
  if (words.positional.size() < 2 || words.positional[0] != "add") return effect;
  const fs::path path = fs::path(words.positional[1] + "/").parent_path();
  effect.added_work_tree = path.filename().string();
  effect.added_branch = words.value({"-b", "-B", "--orphan"});
  const bool is_detached = words.has({"-d", "--detach"});
  if (effect.added_branch.empty() && !is_detached) {
    const bool names_start = words.positional.size() > 2;
    effect.added_branch = names_start ? words.positional[2] : effect.added_work_tree;
    if (names_start) return effect;
  }
  if (!effect.added_branch.empty()) effect.references.insert(branch_reference(effect.added_branch));
  return effect;
}

GitEffect stash(const GitCommand& command) {
  GitEffect effect;
  const std::string verb = command.arguments.empty() ? "push" : command.arguments[0];
  if (verb == "list" || verb == "show" || verb == "apply" || verb == "create") return effect;
  effect.references.insert("refs/stash");
  if (verb == "branch" && command.arguments.size() > 1) switch_to_new(effect, command.arguments[1]);
  return effect;
}

GitEffect notes(const GitCommand& command) {
  const Words words = words_of(command, {"", {"--ref"}});
  GitEffect effect;
  constexpr std::array<std::string_view, 6> writers{"add", "append", "copy", "edit", "merge", "remove"};
  const std::string verb = words.positional.empty() ? "" : words.positional[0];
  if (verb == "prune" || std::find(writers.begin(), writers.end(), verb) != writers.end())
    effect.folders.insert("refs/notes/");
  return effect;
}

GitEffect replace(const GitCommand& command) {
  const Words words = words_of(command, {"", {"--format"}});
  GitEffect effect;
  if (!words.positional.empty() && !words.has({"-l", "--list"})) effect.folders.insert("refs/replace/");
  return effect;
}

GitEffect rebase(const GitCommand& command) {
  const Words words = words_of(
      command, {"sXxC", {"--onto", "--strategy", "--strategy-option", "--exec", "--whitespace", "--empty"}});
  GitEffect effect;
  effect.moves_current = effect.may_leave_head = true;
  const std::size_t branch_at = words.has({"--root"}) ? 0 : 1;
  if (words.positional.size() > branch_at) effect.switches_to = words.positional[branch_at];
  return effect;
}

GitEffect bisect(const GitCommand& command) {
  GitEffect effect;
  if (command.arguments.empty()) return effect;
  const std::string& verb = command.arguments[0];
  if (verb == "log" || verb == "view" || verb == "visualize" || verb == "terms") return effect;
  effect.switches_to = verb == "reset" ? "-" : "";
  return effect;
}

GitEffect reset(const GitCommand& command) {
  const Words words = words_of(command, {"", {"--pathspec-from-file"}});
  GitEffect effect;
  effect.moves_current = words.positional.size() == 1 && !words.has({"-p", "--patch"}) &&
                         !(words.has_dashes && command.arguments.back() != "--");
  return effect;
}

GitEffect move_current(const GitCommand&) {
  GitEffect effect;
  effect.moves_current = true;
  return effect;
}

GitEffect move_any(const GitCommand&) {
  GitEffect effect;
  effect.any_reference = true;
  return effect;
}

using Effects = std::map<std::string, GitEffect (*)(const GitCommand&), std::less<>>;

const Effects& effects() {
  static const Effects all{{"am", move_current},
                           {"bisect", bisect},
                           {"branch", branch},
                           {"checkout", check_out},
                           {"cherry-pick", move_current},
                           {"commit", move_current},
                           {"fast-import", move_any},
                           {"fetch", fetch},
                           {"filter-branch", move_any},
                           {"merge", move_current},
                           {"notes", notes},
                           {"pull", fetch},
                           {"push", push},
                           {"rebase", rebase},
                           {"replace", replace},
                           {"reset", reset},
                           {"revert", move_current},
                           {"stash", stash},
                           {"switch", check_out},
                           {"symbolic-ref", symbolic_reference},
                           {"tag", tag},
                           {"update-ref", update_reference},
                           {"worktree", work_tree}};
  return all;
}

}  // namespace

GitCommand GitCommand::from_arguments(const std::vector<std::string>& arguments) {
  GitCommand command;
  if (arguments.empty()) return command;
  constexpr std::string_view dashed = "git-";
  const std::string program = fs::path(arguments[0]).filename().string();
  if (program.starts_with(dashed)) {
    command.name = program.substr(dashed.size());
    command.arguments.assign(arguments.begin() + 1, arguments.end());
    return command;
  }
  static const std::set<std::string, std::less<>> valued{
      "-C",          "-c",           "--git-dir",     "--work-tree",
      "--namespace", "--config-env", "--attr-source", "--super-prefix"};
  constexpr std::string_view directory = "--git-dir=";
  std::size_t at = 1;
  for (; at < arguments.size() && arguments[at].starts_with('-'); ++at) {
    if (arguments[at].starts_with(directory)) command.git_directory = arguments[at].substr(directory.size());
    if (valued.count(arguments[at]) == 0) continue;
    const bool is_directory = arguments[at] == "--git-dir";
    if (++at < arguments.size() && is_directory) command.git_directory = arguments[at];
  }
  if (at >= arguments.size()) return command;
  command.name = arguments[at];
  command.arguments.assign(arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1, arguments.end());
  return command;
}

GitEffect effect_of(const GitCommand& command) {
  const auto found = effects().find(command.name);
  return found == effects().end() ? GitEffect() : found->second(command);
}

GitEffect effect_on_remote(const GitCommand& push) {
  const Words words = words_of_push(push);
  GitEffect effect;
  effect.any_reference = words.positional.size() < 2;
  if (words.has({"--all", "--branches", "--mirror", "--tags", "--prune"})) effect.any_reference = true;
  const bool is_deleted = words.has({"-d", "--delete"});
  for (std::size_t index = 1; index < words.positional.size(); ++index) {
    const std::string& refspec = words.positional[index];
    const auto colon = is_deleted ? std::string::npos : refspec.find(':');
    add_destination(effect, colon == std::string::npos ? refspec : refspec.substr(colon + 1));
  }
  return effect;
}

bool may_fail_halfway(const GitCommand& command) {
  constexpr std::array<std::string_view, 9> names{
      "am", "bisect", "cherry-pick", "fast-import", "fetch", "filter-branch", "push", "rebase", "revert"};
  if (std::find(names.begin(), names.end(), command.name) != names.end()) return true;
  // Of several branches or tags those are gone that could be deleted, and of several transactions the first.
  constexpr std::array<std::string_view, 4> options{"-d", "-D", "--delete", "--stdin"};
  return std::any_of(command.arguments.begin(), command.arguments.end(), [&](const std::string& word) {
    return std::find(options.begin(), options.end(), word) != options.end();
  });
}

std::string branch_reference(const std::string& name) {
  return reference("refs/heads/", name);
}

}  // namespace changeling::run
