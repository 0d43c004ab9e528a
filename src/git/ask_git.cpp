#include "git/ask_git.hpp"

#include "git/clean_environment.hpp"

namespace changeling::git {

AskGit::AskGit(Environment environment, RepositoryPlace place)
    : environment_(without_repository_variables(environment)), place_(std::move(place)) {
  environment_.set("GIT_DIR", place_.git_directory.string());
  if (place_.work_tree) environment_.set("GIT_WORK_TREE", place_.work_tree->string());
  environment_.set("GIT_TERMINAL_PROMPT", "0");
  environment_.set("LC_MESSAGES", "C");
  environment_.unset("LC_ALL");
}

ProcessResult AskGit::operator()(std::vector<std::string> arguments, const std::string& input) const {
  Command command;
  command.arguments = {"git"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.working_directory = place_.work_tree.value_or(place_.common_directory);
  command.environment = environment_;
  command.standard_input = input;
  return SystemProcessRunner().run(command);
}

}  // namespace changeling::git
