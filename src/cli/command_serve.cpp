#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/output.hpp"
#include "cli/syntax.hpp"
#include "project/own_program.hpp"
#include "support/error.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::cli {
namespace {

struct ServeWords {
  std::string action;
  std::string listen;
  std::string drain;
  std::string request_limit;
  std::optional<std::int64_t> workers;
  std::optional<std::int64_t> processes;
  bool all = false;
  bool allow_remote = false;
};

/// As the other program reads them.
std::vector<std::string> words_for(const Context& context, const ServeWords& given) {
  std::vector<std::string> words;
  if (!given.action.empty()) words.push_back(given.action);
  for (const std::string& directory : context.options().directories)
    words.insert(words.end(), {"-C", directory});
  const auto value = [&words](const std::string& name, const std::string& text) {
    if (!text.empty()) words.insert(words.end(), {name, text});
  };
  value("--listen", given.listen);
  value("--drain", given.drain);
  value("--request-limit", given.request_limit);
  if (given.workers) value("--workers", std::to_string(*given.workers));
  if (given.processes) value("--processes", std::to_string(*given.processes));
  if (given.all) words.emplace_back("--all");
  if (given.allow_remote) words.emplace_back("--allow-remote");
  if (context.options().json) words.emplace_back("--json");
  return words;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Replaces this process, as git does for its helpers.
[[noreturn]] void become(const std::string& program, std::vector<std::string> words,
                         const Environment& environment) {
  words.insert(words.begin(), program);
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment.variables()) variables.push_back(name + "=" + value);
  const auto arguments = pointers_to(words);
  const auto assignments = pointers_to(variables);
  flush_out();
  ::execve(program.c_str(), arguments.data(), assignments.data());
  throw Error(ErrorKind::NotFound, fmt::format("could not start {}: {}", program, std::strerror(errno)),
              "install git-changeling with its service");
}

Answer serve(Context& context, const ServeWords& words) {
  if (words.action.empty() && !words.all) context.require_state();
  become(project::helper_program("git-changeling-serve").string(), words_for(context, words),
         with_withheld_tokens(context.environment()));
}

}  // namespace

CommandSpec serve_command() {
  return {
      "serve", "Serve the API, and start what is due",
      "Becomes the service: it answers the API, looks every minute for what schedules ask for, and with "
      "--workers works on tasks. It prints a link with a code that logs a browser in once; scripts use the "
      "token in the file that docs/service.md names. It serves this repository, or with --all every "
      "registered one.\n\n"
      "TERM, or Ctrl-C, ends it: what goes on is finished within the time of --drain, then tasks are given "
      "back. "
      "HUP reads the settings and the list of repositories anew.\n\n"
      "serve login prints a new link of the server that runs; give it the same --listen. serve install lets "
      "your "
      "systemd start the service with these options, status says how it stands, and uninstall takes it away.",
      [](Syntax& syntax) -> Action {
        auto words = std::make_shared<ServeWords>();
        syntax.value("action", words->action, "What to do with the service instead")
            .value_name("ACTION")
            .one_of({"install", "login", "status", "uninstall"});
        syntax
            .value("--listen", words->listen,
                   "Where to listen: HOST:PORT, or unix:PATH (default: 127.0.0.1:8473)")
            .value_name("PLACE");
        syntax.flag("--all", words->all, "Serve all registered repositories");
        syntax.flag("--allow-remote", words->allow_remote,
                    "Listen where other machines reach it, without TLS");
        syntax
            .number("--workers", words->workers, "Workers on tasks, for each repository (default: 0)", 0, 64)
            .value_name("N");
        syntax.number("--processes", words->processes, "Processes that answer requests (default: 4)", 1, 64)
            .value_name("N");
        syntax.value("--drain", words->drain, "How long to finish what goes on at the end (default: 30s)")
            .value_name("DURATION");
        syntax.value("--request-limit", words->request_limit, "How long one request may take (default: 30s)")
            .value_name("DURATION");
        return [words](Context& context) { return serve(context, *words); };
      },
      Needs::Nothing};
}

}  // namespace changeling::cli
