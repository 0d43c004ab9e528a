#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/text_block.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "view/damage.hpp"
#include "view/webhook.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/sources.hpp"
#include "webhooks/write_webhook.hpp"

namespace changeling::cli {
namespace {

std::string target_of(const store::WebhookRecord& webhook) {
  return webhook.changeling.empty() ? fmt::format("task: {}", without_controls(webhook.task))
                                    : without_controls(webhook.changeling);
}

std::string state_of(const store::WebhookRecord& webhook, const Json& shown) {
  if (!webhook.enabled) return "off";
  if (!shown.at("trusted").get<bool>()) return "not trusted";
  if (webhook.poll) return "polls";
  return shown.at("secrets") == 0 ? "no secret here" : "on";
}

Answer list(Context& context) {
  store::DamagedRecords damaged;
  const auto all = store::read_webhooks(context.snapshot(), &damaged);
  context.damage().note(damaged);
  Answer answer;
  answer.json = {{"webhooks", Json::array()}, {"damaged", view::to_json(context.damage())}};
  std::vector<std::vector<TableCell>> rows{
      {{"WEBHOOK", Style::Dim}, {"SOURCE", Style::Dim}, {"STATE", Style::Dim}, {"FOR", Style::Dim}}};
  for (const auto& [name, webhook] : all) {
    answer.json["webhooks"].push_back(view::to_json(context, webhook));
    rows.push_back({{name, Style::Bold},
                    {without_controls(webhook.source)},
                    {state_of(webhook, answer.json["webhooks"].back())},
                    {target_of(webhook)}});
  }
  if (all.empty()) {
    context.message(
        "no webhooks yet; add one: git changeling webhook add NAME --source github --for CHANGELING");
    return answer;
  }
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  return answer;
}

std::string line(std::string_view name, const std::string& value) {
  return value.empty() ? "" : fmt::format("  {:<12} {}\n", name, without_controls(value));
}

std::string lines(std::string_view name, const std::map<std::string, std::string>& values) {
  std::string text;
  for (const auto& [key, value] : values) text += line(name, key + "=" + value);
  return text;
}

Answer show(Context& context, const std::string& name) {
  const store::WebhookRecord webhook = webhooks::find_webhook(context, name);
  Answer answer{view::to_json(context, webhook), "", 0};
  answer.text = fmt::format("{}  ({})\n", name, state_of(webhook, answer.json));
  answer.text += line("source", webhook.source) + line("path", "/hooks/" + name);
  answer.text += line("for", webhook.changeling) + line("task", webhook.task);
  answer.text += line("description", webhook.description) + line("role", webhook.role);
  answer.text += line("status", webhook.status) + line("events", join(webhook.events, ", "));
  answer.text += lines("when", webhook.conditions) + lines("map", webhook.mapping);
  answer.text += line("actors", join(webhook.actors, ", "));
  answer.text += line("secrets here", std::to_string(answer.json["secrets"].get<std::size_t>()));
  return answer;
}

Answer remove(Context& context, const std::vector<std::string>& names) {
  for (const std::string& name : names) webhooks::require_removable(context, name);
  Answer answer{{{"removed", names}}, "", 0};
  for (const std::string& name : names) {
    webhooks::remove_webhook(context, name);
    answer.text += fmt::format("Removed {}\n", name);
  }
  return answer;
}

struct SecretOptions {
  std::string name;
  bool rotate = false;
  bool finish = false;
  bool show = false;
  std::string file;
};

std::string rotated(const SecretOptions& options, const webhooks::SourceRow& source) {
  if (options.file.empty()) return webhooks::new_secret(source.secret);
  const std::string text = read_file(options.file == "-" ? "/dev/stdin" : options.file);
  std::string secret(trim(text));
  if (const std::string problem = webhooks::secret_problem(source, secret); !problem.empty())
    throw Error(ErrorKind::Usage, fmt::format("--file: this is no secret for {}: {}", source.word, problem));
  return secret;
}

std::string standing(std::size_t count) {
  if (count == 0) return "this machine has no secret for it";
  return count == 1 ? "this machine has its secret"
                    : "this machine takes two secrets, the new one and the one before";
}

Answer secret(Context& context, const SecretOptions& options) {
  const store::WebhookRecord webhook = webhooks::find_webhook(context, options.name);
  const webhooks::SourceRow& source = webhooks::find_source(webhook.source);
  const webhooks::SecretStore store(context);
  if (options.rotate || !options.file.empty()) {
    store.set(webhook.name, rotated(options, source),
              options.rotate ? webhooks::SecretStore::Before::Kept : webhooks::SecretStore::Before::Dropped);
  }
  if (options.finish) store.drop_older(webhook.name);
  const auto secrets = store.secrets(webhook.name);
  const bool is_shown = options.show || (options.rotate && options.file.empty());
  Answer answer{{{"name", webhook.name}, {"secrets", secrets.size()}, {"secret", nullptr}}, "", 0};
  if (is_shown && !secrets.empty()) answer.json["secret"] = secrets.front();
  answer.text = is_shown && !secrets.empty() ? secrets.front() + "\n" : standing(secrets.size()) + "\n";
  if (options.rotate)
    answer.next = fmt::format("once {} sends with it: git changeling webhook secret {} --finish",
                              webhook.source, webhook.name);
  return answer;
}

}  // namespace

CommandSpec webhook_list_command() {
  return {"webhook list", "List webhooks", "", [](Syntax&) -> Action { return list; }};
}

CommandSpec webhook_show_command() {
  return {"webhook show", "Show a webhook", "", [](Syntax& syntax) -> Action {
            auto name = std::make_shared<std::string>();
            syntax.value("name", *name, "Name of the webhook").value_name("NAME").required();
            return [name](Context& context) { return show(context, *name); };
          }};
}

CommandSpec webhook_remove_command() {
  return {"webhook remove", "Remove webhooks", "This machine's secrets for them are removed, too.",
          [](Syntax& syntax) -> Action {
            auto names = std::make_shared<std::vector<std::string>>();
            syntax.words("names", *names, "Names of webhooks").value_name("NAME").required();
            return [names](Context& context) { return remove(context, *names); };
          }};
}

CommandSpec webhook_secret_command() {
  return {
      "webhook secret", "Change the secret of a webhook, or bring it to this machine",
      "Each machine that receives deliveries needs the secret; it lies in a file of the user's "
      "configuration that only the user can read.\n\n"
      "--rotate makes a new one and takes the one before as well, until --finish: time to tell the source.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<SecretOptions>();
        syntax.value("name", options->name, "Name of the webhook").value_name("NAME").required();
        syntax.flag("--rotate", options->rotate, "Another secret; the one before is taken, too");
        Option finish = syntax.flag("--finish", options->finish, "Take only the newest from now on");
        syntax.value("--file", options->file, "The secret that the source has made, '-' for standard input")
            .value_name("FILE");
        syntax.flag("--show", options->show, "Print the newest one").excludes(finish);
        return [options](Context& context) { return secret(context, *options); };
      }};
}

}  // namespace changeling::cli
