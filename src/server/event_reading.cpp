#include "git/clean_environment.hpp"
#include "project/project.hpp"
#include "server/event_hub.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

/// Who has missed more loads anew, which is less.
constexpr std::size_t most_backlog = std::size_t{512} * 1024;

}  // namespace

void be_follower(const Json& order, const Environment& environment, const Log& say, const Log& log) {
  catch_interrupts();
  project::Opening opening;
  opening.environment = git::without_repository_variables(environment);
  opening.directories = {json_string(order, "repository").value_or("")};
  opening.on_message = log;
  project::Project project(opening);
  std::int64_t last = 0;
  project.events().read(
      0, [&last](const std::string& line) { last = event_from(line).value_or(Event()).number; }, {});
  say(Json{{"seq", last}}.dump());
  project.events().read(last, say, [] { return !interrupted(); });
}

Frame read_backlog(project::Project& project, std::optional<std::int64_t> after) {
  Frame frame{{{"last", 0}, {"gap", false}}, ""};
  std::int64_t last = 0;
  std::int64_t first = 0;
  bool is_too_much = false;
  const auto take = [&](const std::string& line) {
    last = event_from(line).value_or(Event()).number;
    if (first == 0) first = last;
    if (!after || *after >= last) return;
    is_too_much = is_too_much || frame.body.size() + line.size() > most_backlog;
    if (!is_too_much) frame.body += line + "\n";
  };
  project.events().read(0, take, {});
  const bool is_ahead = after && *after > last;
  const bool is_behind = after && first > *after + 1;
  frame.about = {{"last", last}, {"gap", is_ahead || is_behind || is_too_much}};
  if (is_too_much) frame.body.clear();
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
