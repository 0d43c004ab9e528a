#include "git/work_tree.hpp"

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

fs::path printed_path(std::string output) {
  if (output.ends_with('\n')) output.pop_back();
  return output;
}

}  // namespace

std::vector<std::string> nul_separated(std::string_view output) {
  if (output.ends_with('\0')) output.remove_suffix(1);
  return output.empty() ? std::vector<std::string>() : split(output, '\0');
}

std::optional<WorkTree> opened_work_tree(ProcessRunner& runner, const Environment& environment,
                                         const fs::path& start) {
  const auto ask = [&](const std::string& option) {
    Command command;
    command.arguments = {"git", "rev-parse", option};
    command.working_directory = start;
    command.environment = environment;
    return runner.run(command);
  };
  const ProcessResult git_directory = ask("--absolute-git-dir");
  if (!git_directory.status.success()) {
    throw Error(ErrorKind::External,
                "git does not use this repository: " + std::string(trim(git_directory.error)));
  }
  const ProcessResult folder = ask("--show-toplevel");
  if (!folder.status.success()) return std::nullopt;
  return WorkTree{fs::weakly_canonical(printed_path(folder.output)),
                  fs::weakly_canonical(printed_path(git_directory.output))};
}

GitProgram git_in(const GitProgram& git, const WorkTree& tree, const fs::path& index) {
  std::map<std::string, std::string> variables{{"GIT_DIR", tree.git_directory.string()},
                                               {"GIT_WORK_TREE", tree.folder.string()},
                                               // Nobody reads what these would leave behind.
                                               {"GIT_OPTIONAL_LOCKS", "0"}};
  if (!index.empty()) variables["GIT_INDEX_FILE"] = index.string();
  return git.with(variables, tree.folder);
}

ProcessResult run_alone(const GitProgram& git, const std::vector<std::string>& arguments,
                        const std::string& standard_input) {
  return git.run(arguments, {}, std::chrono::milliseconds(0), standard_input);
}

std::vector<LinkedWorkTree> linked_work_trees(const GitProgram& git, const fs::path& common_directory) {
  const GitProgram there = git.with({{"GIT_DIR", common_directory.string()}}, common_directory);
  std::vector<std::string> lines;
  // git before 2.36 does not know -z.
  const ProcessResult listed = there.run({"worktree", "list", "--porcelain", "-z"});
  if (listed.status.success()) {
    lines = split(listed.output, '\0');
  } else {
    lines = split_lines(there.check({"worktree", "list", "--porcelain"}));
  }
  std::vector<LinkedWorkTree> trees;
  for (const std::string& line : lines) {
    if (line.starts_with("worktree ")) trees.push_back({line.substr(9), "", false});
    if (trees.empty()) continue;
    if (line.starts_with("branch ")) trees.back().reference = line.substr(7);
    if (line == "locked" || line.starts_with("locked ")) trees.back().locked = true;
  }
  // The first is the main one, of which git only guesses where its files are.
  if (!trees.empty()) trees.erase(trees.begin());
  return trees;
}

}  // namespace changeling::git
