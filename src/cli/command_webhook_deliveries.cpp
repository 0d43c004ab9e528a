#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "view/webhook.hpp"
#include "webhooks/trial.hpp"
#include "webhooks/work_off.hpp"
#include "webhooks/write_webhook.hpp"

namespace changeling::cli {
namespace {

struct ListOptions {
  std::string name;
  std::size_t limit = 20;
};

std::string text_in(const Json& object, const char* key) {
  return json_string(object, key).value_or("");
}

std::string result_of(const Json& delivery) {
  const std::string outcome = text_in(delivery, "outcome");
  if (outcome.empty()) {
    const std::string problem = text_in(delivery, "problem");
    return problem.empty() ? "waits" : "waits: " + without_controls(problem);
  }
  for (const char* made : {"run", "task"}) {
    if (const std::string id = text_in(delivery, made); !id.empty())
      return fmt::format("{} {}", outcome, without_controls(id));
  }
  const std::string detail = text_in(delivery, "detail");
  return detail.empty() ? outcome : fmt::format("{}: {}", outcome, without_controls(detail));
}

Answer deliveries(Context& context, const ListOptions& options) {
  if (!options.name.empty()) static_cast<void>(webhooks::find_webhook(context, options.name));
  Answer answer{{{"deliveries", view::deliveries_json(context, options.name, options.limit)}}, "", 0};
  std::vector<std::vector<TableCell>> rows{{{"DELIVERY", Style::Dim},
                                            {"RECEIVED", Style::Dim},
                                            {"WEBHOOK", Style::Dim},
                                            {"EVENT", Style::Dim},
                                            {"OUTCOME", Style::Dim}}};
  constexpr std::size_t shown_letters = 12;
  for (const Json& delivery : answer.json["deliveries"]) {
    rows.push_back({{text_in(delivery, "key").substr(0, shown_letters), Style::Bold},
                    {text_in(delivery, "received_at")},
                    {without_controls(text_in(delivery, "webhook"))},
                    {without_controls(text_in(delivery, "event"))},
                    {result_of(delivery)}});
  }
  if (rows.size() == 1) {
    context.message("no deliveries yet");
    return answer;
  }
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  return answer;
}

Answer replay(Context& context, const std::string& word) {
  const webhooks::KeptDelivery again = webhooks::replay(context, word);
  webhooks::work_off(context, [](std::string_view) {});
  Answer answer;
  for (Json& delivery : view::deliveries_json(context, again.webhook, static_cast<std::size_t>(-1))) {
    if (delivery.at("key") == again.key) answer.json = std::move(delivery);
  }
  answer.text = fmt::format("Replayed as {}: {}\n", again.key, result_of(answer.json));
  const std::string outcome = text_in(answer.json, "outcome");
  answer.exit_code = outcome.empty() || outcome == "started" || outcome == "task-added" ? 0 : 1;
  return answer;
}

struct TestOptions {
  std::string name;
  std::string file;
  std::string event;
};

std::string say(const webhooks::Trial& trial) {
  std::string text =
      fmt::format("event      {}\nsignature  {}\n",
                  trial.event.empty() ? "(none)" : without_controls(trial.event), trial.signature);
  for (const auto& [name, value] : trial.values)
    text += fmt::format("{:<10} {}\n", without_controls(name), shortened(without_controls(value)));
  if (!trial.ignored.empty()) return text + fmt::format("It would be ignored: {}\n", trial.ignored);
  if (!trial.refused.empty()) return text + fmt::format("It would be refused: {}\n", trial.refused);
  if (!trial.changeling.empty()) return text + fmt::format("It would start {}\n", trial.changeling);
  return text + fmt::format("It would add the task: {}\n", trial.title);
}

Answer test(Context& context, const TestOptions& options) {
  const store::WebhookRecord webhook = webhooks::find_webhook(context, options.name);
  const std::string text = read_file(options.file == "-" ? "/dev/stdin" : options.file);
  const webhooks::Trial trial = webhooks::try_delivery(context, webhook, text, options.event);
  return {webhooks::to_json(trial), say(trial), trial.ignored.empty() && trial.refused.empty() ? 0 : 1};
}

}  // namespace

CommandSpec webhook_deliveries_command() {
  return {
      "webhook deliveries", "List what webhooks have received, and what came of it",
      "Newest first: those that this machine has received, and those that other machines have taken. Headers "
      "and the reasons are in --json.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ListOptions>();
        syntax.value("name", options->name, "Only of this webhook").value_name("NAME");
        syntax.amount("-n,--limit", options->limit, "At most so many").value_name("NUMBER");
        return [options](Context& context) { return deliveries(context, *options); };
      }};
}

CommandSpec webhook_replay_command() {
  return {
      "webhook replay", "Work a delivery off again",
      "It is a delivery of its own, which passes every check but that of its age. Ends with 1 when nothing "
      "is "
      "started by it.",
      [](Syntax& syntax) -> Action {
        auto word = std::make_shared<std::string>();
        syntax.value("delivery", *word, "Its id, or the beginning of it").value_name("DELIVERY").required();
        return [word](Context& context) { return replay(context, *word); };
      }};
}

CommandSpec webhook_test_command() {
  return {
      "webhook test", "Show what a delivery would do",
      "The file holds a body alone, or headers, an empty line and the body. Nothing is started, and no forge "
      "is asked. Ends with 1 when nothing would be started.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<TestOptions>();
        syntax.value("name", options->name, "Name of the webhook").value_name("NAME").required();
        syntax.value("file", options->file, "The delivery, '-' for standard input")
            .value_name("FILE")
            .required();
        syntax.value("--event", options->event, "The event, where no header says it").value_name("EVENT");
        return [options](Context& context) { return test(context, *options); };
      }};
}

}  // namespace changeling::cli
