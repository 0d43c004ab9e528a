#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/output.hpp"
#include "cli/syntax.hpp"
#include "events/event_types.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

struct EventsOptions {
  std::int64_t since = 0;
  bool follow = false;
  std::vector<std::string> types;
};

/// A type, or its part before the colon for all of the kind.
void check_type(const std::string& wanted) {
  std::vector<std::string> names;
  for (const events::EventType& type : events::event_types()) {
    if (type.name == wanted || type.name.substr(0, type.name.find(':')) == wanted) return;
    names.emplace_back(type.name);
  }
  const auto near = nearest(wanted, names);
  throw Error(ErrorKind::Usage,
              fmt::format("--type: there is no event '{}'; there are {}", wanted, join(names, ", ")),
              near ? fmt::format("did you mean '{}'?", *near)
                   : "work, agent, run and trigger stand for all of a kind");
}

bool is_wanted(const std::string& line, const std::vector<std::string>& types) {
  if (types.empty()) return true;
  const Json event = Json::parse(line, nullptr, false);
  const auto type = event.is_object() ? json_string(event, "event") : std::nullopt;
  return type && std::any_of(types.begin(), types.end(), [&](const std::string& wanted) {
           return *type == wanted || type->substr(0, type->find(':')) == wanted;
         });
}

Answer events(Context& context, const EventsOptions& options) {
  for (const std::string& type : options.types) check_type(type);
  context.require_state();
  if (options.follow) catch_interrupts();
  const auto print = [&](const std::string& line) {
    if (!is_wanted(line, options.types)) return;
    print_json_line(line);
    // Whoever reads along gets each event when it happens.
    flush_out();
  };
  context.events().read(
      options.since, print,
      options.follow ? std::function<bool()>([] { return !interrupted(); }) : std::function<bool()>());
  return {};
}

}  // namespace

CommandSpec events_command() {
  return {
      "events", "Print what happens in the queue and in runs, one JSON object a line",
      "Events are numbered from 1 without gaps; whoever remembers the last number, seq, misses nothing: "
      "git changeling events --follow --since N. They are kept on this machine, below changelings/ in the "
      "git folder. The types and fields are described in docs/events.md.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<EventsOptions>();
        syntax.number("--since", options->since, "Only those after this number", 0).value_name("N");
        syntax.flag("-f,--follow", options->follow, "Go on and print new ones as they happen");
        syntax
            .repeatable("--type", options->types,
                        "Only of this type, such as work:added, or of a kind, such as work")
            .value_name("TYPE");
        return [options](Context& context) { return events(context, *options); };
      }};
}

}  // namespace changeling::cli
