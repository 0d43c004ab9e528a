// git-changeling-serve: what `git changeling serve` becomes. The main program links none of this.

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "project/own_program.hpp"
#include "server/delivery_work.hpp"
#include "server/event_hub.hpp"
#include "server/installation.hpp"
#include "server/scheduler.hpp"
#include "server/serve.hpp"
#include "server/worker.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/terminal.hpp"
#include "support/text.hpp"
#include "support/withheld_tokens.hpp"

namespace {

using namespace changeling;

constexpr int exit_fatal = 128;
constexpr int exit_usage = 129;

/// What others have written may be in every line.
void write_line(std::FILE* where, std::string_view text) {
  const std::string line = harmless_on_terminal(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), where);
  std::fflush(where);
}

void say(std::string_view text) {
  write_line(stdout, text);
}

void say_json(std::string_view text) {
  const std::string line = harmless_json(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

void log(std::string_view text) {
  write_line(stderr, text);
}

int report(const Error& error, bool as_json) {
  const bool is_usage = error.kind() == ErrorKind::Usage;
  if (as_json) {
    log(json_text({{"error",
                    {{"kind", to_string(error.kind())},
                     {"message", error.what()},
                     {"hint", error.hint().empty() ? Json(nullptr) : Json(error.hint())}}}}));
  } else {
    log(std::string(is_usage ? "error: " : "fatal: ") + error.what());
    if (!error.hint().empty()) log("hint: " + error.hint());
  }
  return is_usage ? exit_usage : exit_fatal;
}

void look_after_units(const std::string& action, const std::vector<std::string>& words,
                      const Environment& environment) {
  const server::ServeOptions options = server::read_serve_options(words);
  const server::InstallationAnswer answer =
      action == "install"  ? server::install_service(options, environment)
      : action == "status" ? server::service_status(options, environment)
                           : server::uninstall_service(environment);
  say(options.json ? json_text(answer.json) : answer.text);
}

/// The words for programs begin with two underscores.
void carry_out(const std::vector<std::string>& words, const Environment& environment) {
  const std::string first = words.empty() ? "" : words.front();
  if (first == "__worker" && words.size() == 2) {
    project::read_order();
    return server::be_worker(std::atoi(words[1].c_str()), environment, log);
  }
  if (first == "__events") return server::be_follower(project::read_order(), environment, say_json, log);
  if (first == "__deliver") return server::be_deliverer(project::read_order(), environment, say, log);
  if (first == "__tick") return server::be_ticker(project::read_order(), environment, say, log);
  const std::vector<std::string> rest(words.begin() + std::min<std::ptrdiff_t>(std::ssize(words), 1),
                                      words.end());
  if (first == "login") return say(server::new_login_link(server::read_serve_options(rest), environment));
  if (first == "install" || first == "uninstall" || first == "status")
    return look_after_units(first, rest, environment);
  server::serve(server::read_serve_options(words), environment, {say, log});
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  const Environment environment = take_environment();
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  const bool as_json = std::find(words.begin(), words.end(), "--json") != words.end();
  try {
    carry_out(words, environment);
    return 0;
  } catch (const Error& error) {
    return report(error, as_json);
  } catch (const std::system_error& error) {
    return report(Error(ErrorKind::Io, error.what()), as_json);
  } catch (const std::exception& error) {
    return report(
        Error(ErrorKind::Internal, error.what(), "this is a defect of git-changeling; please report it"),
        as_json);
  }
}
