#include "cli/main.hpp"

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <system_error>

#include "cli/command_tree.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "cli/pager.hpp"
#include "cli/refused_in_runs.hpp"
#include "project/tidying.hpp"
#include "sandbox/confine.hpp"
#include "sandbox/inside.hpp"
#include "sandbox/proxy.hpp"
#include "support/error.hpp"
#include "support/inside_run.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::cli {
namespace {

constexpr int exit_fatal = 128;
constexpr int exit_usage = 129;

int exit_code(ErrorKind kind) {
  return kind == ErrorKind::Usage ? exit_usage : exit_fatal;
}

int report(const Error& error, bool as_json, const Terminal& terminal) {
  if (as_json) {
    // One line, so that whoever reads standard error finds it among messages.
    const Json answer{{"error",
                       {{"kind", to_string(error.kind())},
                        {"message", harmless(error.what())},
                        {"hint", error.hint().empty() ? Json(nullptr) : Json(harmless(error.hint()))}}}};
    tell_json(answer);
    return exit_code(error.kind());
  }
  const std::string_view label = error.kind() == ErrorKind::Usage ? "error: " : "fatal: ";
  tell(styled(label, Style::Red, terminal.error_color) + error.what());
  if (!error.hint().empty()) tell(styled("hint: ", Style::Yellow, terminal.error_color) + error.hint());
  return exit_code(error.kind());
}

void print_answer(const Answer& answer, Context& context) {
  if (context.options().json) {
    if (!answer.json.is_null()) print_json(answer.json, 2);
  } else {
    show_text(answer.text, context);
  }
  flush_out();
  if (!answer.next.empty() && !context.options().json && !context.options().quiet)
    tell_lines(answer.next + "\n");
}

int show_help(const ParsedCommand& parsed) {
  if (parsed.exit_code == 0) {
    print_text(parsed.help);
    flush_out();
  } else {
    tell_lines(parsed.help);
  }
  return parsed.exit_code;
}

/// An agent decides nothing about what else runs, nor about its own work.
void refuse_inside_a_run(std::string_view command, const Environment& environment) {
  constexpr std::string_view program = "git changeling ";
  const std::string_view path = command.starts_with(program) ? command.substr(program.size()) : command;
  if (!is_refused_in_runs(path)) return;
  if (const auto run = inside_a_run(environment)) {
    throw Error(ErrorKind::Refused, fmt::format("inside a run ({}) nobody can type {}", *run, command),
                "a person decides that, outside of the run");
  }
}

int carry_out(const ParsedCommand& parsed, const Environment& environment) {
  if (!parsed.action) return show_help(parsed);
  refuse_inside_a_run(parsed.command, environment);
  Context context(environment, parsed.options);
  if (parsed.needs == Needs::State) context.require_state();
  const Answer answer = parsed.action(context);
  print_answer(answer, context);
  project::tidy_up(context);
  return answer.exit_code;
}

/// What a run starts for its sandbox: not worth a command tree, for it is part of every start in there.
std::optional<int> part_of_sandbox(int argc, char** argv) {
  if (argc < 3) return std::nullopt;
  const std::string_view word = argv[1];
  const std::vector<std::string> words(argv + 2, argv + argc);
  try {
    if (word == sandbox::inside_word) sandbox::become_inside(words);
    if (word != sandbox::proxy_word) return std::nullopt;
    const FileDescriptor listener(std::atoi(words.front().c_str()));
    return sandbox::be_proxy(listener, {words.begin() + 1, words.end()}, STDOUT_FILENO);
  } catch (const Error& error) {
    tell(error.what());
    return 127;
  }
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_files_open();
  if (const auto part = part_of_sandbox(argc, argv)) return *part;
  std::setlocale(LC_CTYPE, "");
  const Environment environment = take_environment();
  bool as_json = wants_json(argc, argv);
  try {
    CommandTree tree;
    const ParsedCommand parsed = tree.parse(argc, argv);
    as_json = parsed.options.json;
    return carry_out(parsed, environment);
  } catch (const Error& error) {
    return report(error, as_json, Terminal::detect(environment));
  } catch (const std::system_error& error) {
    // The operating system refused something, such as a name that is too long.
    return report(Error(ErrorKind::Io, error.what()), as_json, Terminal::detect(environment));
  } catch (const std::exception& error) {
    return report(
        Error(ErrorKind::Internal, error.what(), "this is a defect of git-changeling; please report it"),
        as_json, Terminal::detect(environment));
  }
}

}  // namespace changeling::cli
