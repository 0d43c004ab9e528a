#include "events/event_range.hpp"
#include "git/clean_environment.hpp"
#include "project/project.hpp"
#include "server/event_hub.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

/// Who has missed more loads anew, which is less.
constexpr std::size_t most_backlog = std::size_t{512} * 1024;

std::filesystem::path log_of(project::Project& project) {
  return project.places().local_folder() / "events.jsonl";
}

}  // namespace

void be_follower(const Json& order, const Environment& environment, const Log& say, const Log& log) {
  catch_interrupts();
  project::Opening opening;
  opening.environment = git::without_repository_variables(environment);
  opening.directories = {json_string(order, "repository").value_or("")};
  opening.on_message = log;
  project::Project project(opening);
  const std::int64_t last = events::event_range(log_of(project), 0).last;
  say(Json{{"seq", last}}.dump());
  project.events().read(last, say, [] { return !interrupted(); });
}

Frame read_backlog(project::Project& project, std::optional<std::int64_t> after) {
  const events::EventRange range = events::event_range(log_of(project), after.value_or(0));
  const bool is_ahead = after && *after > range.last;
  const bool is_behind = after && range.first > *after + 1;
  const bool is_too_much = after && range.bytes_after > most_backlog;
  const bool is_gap = is_ahead || is_behind || is_too_much;
  Frame frame{{{"last", range.last}, {"gap", is_gap}}, ""};
  if (!after || is_gap) return frame;
  std::int64_t last = range.last;
  project.events().read(*after,
                        [&](const std::string& line) {
                          last = event_from(line).value_or(Event()).number;
                          frame.body += line + "\n";
                        },
                        {});
  frame.about["last"] = last;
  return frame;
}

Frame backlog_question(const std::string& folder, std::optional<std::int64_t> after) {
  return {{{"ask", "events"}, {"repository", folder}, {"after", json_or_null(after)}}, ""};
}

Backlog backlog_from(const WorkerAnswer& answer) {
  Backlog backlog;
  backlog.is_gap = true;
  const Json& about = answer.frame.about;
  if (answer.outcome != WorkerAnswer::Outcome::Answered || !about.contains("last")) return backlog;
  backlog.last = json_integer(about, "last").value_or(0);
  backlog.is_gap = json_bool(about, "gap").value_or(true);
  for (const std::string& line : split_lines(answer.frame.body)) {
    if (auto event = event_from(line)) backlog.events.push_back(std::move(*event));
  }
  return backlog;
}

}  // namespace changeling::server
