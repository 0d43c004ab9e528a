#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/output.hpp"
#include "cli/syntax.hpp"
#include "project/local_runs.hpp"
#include "project/run_lookup.hpp"
#include "run/live_run.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/folder_watch.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

/// A leader that was killed leaves its lock file behind, so its end is no change to its folder.
constexpr auto question_interval = std::chrono::seconds(1);

struct LogsOptions {
  std::string run;
  bool follow = false;
  bool transcript = false;
};

/// Prints what the file has got since the last call, but for the beginning of a character.
void print_new(std::ifstream& file, std::string& begun) {
  char buffer[65536];
  for (;;) {
    file.read(buffer, sizeof buffer);
    if (file.gcount() == 0) break;
    begun.append(buffer, static_cast<std::size_t>(file.gcount()));
    const std::size_t whole = whole_characters(begun);
    print_text(std::string_view(begun).substr(0, whole));
    begun.erase(0, whole);
  }
  flush_out();
  file.clear();
}

Answer logs(Context& context, const LogsOptions& options) {
  context.require_state();
  const store::RunRecord run = project::find_run(context, options.run);
  const project::RunFiles files = context.places().run(run.id);
  const auto path = options.transcript ? files.transcript() : files.log();
  std::ifstream file(path);
  if (!file) {
    if (::access(path.c_str(), F_OK) != 0 && errno == EACCES)
      throw Error(ErrorKind::Refused,
                  fmt::format("run {} belongs to another user of this repository, who alone "
                              "can read its log",
                              run.id));
    throw Error(ErrorKind::NotFound,
                fmt::format("run {} left no log on this machine (it ran on {})", run.id, run.host));
  }
  if (!options.follow) {
    const std::string text = read_file(path);
    return {{{"run", run.id}, {"log", text}}, text, 0};
  }
  catch_interrupts();
  std::string begun;
  FolderWatch watch(files.folder, {path.filename().string(), files.lock().filename().string()});
  for (;;) {
    // Asked before reading: what was written before the end is then sure to be read.
    const bool alive = project::is_alive(context.places(), run.id);
    print_new(file, begun);
    if (!alive || interrupted()) return {};
    watch.wait(question_interval);
  }
}

}  // namespace

CommandSpec logs_command() {
  return {"logs", "Show what a run did",
          "Logs and transcripts lie on the machine that ran the agent, below changelings/ in the git folder.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<LogsOptions>();
            syntax
                .value("run", options->run,
                       "Id of the run or its beginning; a changeling's name means its newest")
                .value_name("RUN")
                .required();
            syntax.flag("-f,--follow", options->follow, "Go on until the run ends");
            syntax.flag("--transcript", options->transcript, "What the agent printed, as it is");
            return [options](Context& context) { return logs(context, *options); };
          }};
}

}  // namespace changeling::cli
