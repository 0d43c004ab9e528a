#include "cli/main.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <clocale>
#include <cstdio>

#include "cli/command_tree.hpp"
#include "cli/context.hpp"
#include "cli/pager.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

constexpr int exit_fatal = 128;
constexpr int exit_usage = 129;

int exit_code(ErrorKind kind) {
  return kind == ErrorKind::Usage ? exit_usage : exit_fatal;
}

void print(std::string_view text, std::FILE* stream) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int report(const Error& error, bool as_json, const Terminal& terminal) {
  if (as_json) {
    // One line, so that whoever reads standard error finds it among messages.
    const Json answer{{"error",
                       {{"kind", to_string(error.kind())},
                        {"message", error.what()},
                        {"hint", error.hint().empty() ? Json(nullptr) : Json(error.hint())}}}};
    print(answer.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n", stderr);
    return exit_code(error.kind());
  }
  const std::string_view label = error.kind() == ErrorKind::Usage ? "error: " : "fatal: ";
  print(fmt::format("{}{}\n", styled(label, Style::Red, terminal.error_color), error.what()), stderr);
  if (!error.hint().empty()) {
    print(fmt::format("{}{}\n", styled("hint: ", Style::Yellow, terminal.error_color), error.hint()), stderr);
  }
  return exit_code(error.kind());
}

void print_answer(const Answer& answer, Context& context) {
  if (context.options().json) {
    if (!answer.json.is_null()) print(dump(answer.json), stdout);
    return;
  }
  show_text(answer.text, context);
  std::fflush(stdout);
  if (!answer.next.empty()) context.message(answer.next);
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  const Environment environment = Environment::of_this_process();
  bool as_json = false;
  try {
    CommandTree tree;
    const ParsedCommand parsed = tree.parse(argc, argv);
    as_json = parsed.options.json;
    if (!parsed.action) {
      print(parsed.help, parsed.exit_code == 0 ? stdout : stderr);
      return parsed.exit_code;
    }
    Context context(environment, parsed.options);
    const Answer answer = parsed.action(context);
    print_answer(answer, context);
    if (std::fflush(stdout) != 0) throw Error(ErrorKind::Io, "could not write to standard output");
    return answer.exit_code;
  } catch (const Error& error) {
    return report(error, as_json || wants_json(argc, argv), Terminal::detect(environment));
  } catch (const std::exception& error) {
    return report(
        Error(ErrorKind::Internal, error.what(), "this is a defect of git-changeling; please report it"),
        as_json, Terminal::detect(environment));
  }
}

}  // namespace changeling::cli
