#include "cli/context.hpp"

#include <cstdlib>

#include "cli/output.hpp"
#include "git/program.hpp"
#include "support/interrupt.hpp"

namespace changeling::cli {
namespace {

/// Editors, pagers and whatever else is started with the environment of this process get none of what git has
/// said about a repository; we go by the project's.
void leave_repository_variables_behind(const Environment& environment) {
  for (const auto& [name, value] : environment.variables()) {
    if (git::is_repository_variable(name, value)) ::unsetenv(name.c_str());
  }
}

project::Opening describe(Environment environment, const GlobalOptions& options) {
  const Terminal terminal = Terminal::detect(environment);
  project::Opening opening;
  opening.environment = std::move(environment);
  opening.directories = options.directories;
  if (!options.quiet) opening.on_message = tell;
  opening.interrupted = interrupted_while_waiting;
  if (terminal.input_is_terminal && terminal.error_is_terminal) opening.session = Session::Shared;
  if (options.quiet) opening.own_options = {"--quiet"};
  return opening;
}

}  // namespace

Context::Context(Environment environment, GlobalOptions options)
    : Project(describe(std::move(environment), options)),
      options_(std::move(options)),
      terminal_(Terminal::detect(this->environment())) {
  leave_repository_variables_behind(this->environment());
}

void Context::show_transfers() {
  if (!terminal_.error_is_terminal || options_.quiet || options_.json) return;
  watch_transfers([this](auto transfer, const std::string& remote, auto elapsed) {
    transfer_line_.show(transfer, remote, elapsed);
  });
}

}  // namespace changeling::cli
