#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/definition_options.hpp"
#include "cli/syntax.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"
#include "view/webhook.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/sources.hpp"
#include "webhooks/write_webhook.hpp"

namespace changeling::cli {
namespace {

struct AddOptions {
  std::string name;
  std::string source;
  std::string changeling;
  std::string task;
  std::vector<std::string> description;
  std::vector<std::string> role;
  std::string status;
  std::vector<std::string> events;
  std::vector<std::string> conditions;
  std::vector<std::string> mapping;
  std::vector<std::string> actors;
  std::string file;
  std::string secret_file;
  bool update = false;
  std::optional<Option> enabled;
  std::optional<Option> poll;
};

std::string text_from(const std::string& file) {
  return read_file(file == "-" ? "/dev/stdin" : file);
}

/// Without empty words, so that one of them takes all away.
std::vector<std::string> given_words(const std::vector<std::string>& words) {
  std::vector<std::string> kept;
  for (const std::string& word : words) {
    if (!word.empty()) kept.push_back(valid_utf8(word));
  }
  return kept;
}

std::map<std::string, std::string> given_pairs(std::string_view option,
                                               const std::vector<std::string>& words) {
  std::map<std::string, std::string> pairs;
  for (const std::string& word : given_words(words)) pairs.insert(webhooks::parse_pair(option, word));
  return pairs;
}

void apply_target(const AddOptions& options, store::WebhookRecord& webhook) {
  if (!options.changeling.empty()) {
    webhook.changeling = valid_utf8(options.changeling);
    webhook.task = webhook.description = webhook.role = webhook.status = "";
  }
  if (!options.task.empty()) {
    webhook.task = valid_utf8(options.task);
    webhook.changeling.clear();
  }
  if (!options.description.empty()) webhook.description = valid_utf8(options.description.back());
  if (!options.role.empty()) webhook.role = valid_utf8(options.role.back());
  if (!options.status.empty()) webhook.status = options.status;
}

/// What the options say counts more.
Json fields_in_file(const AddOptions& options) {
  Json fields = parse_json(text_from(options.file), options.file);
  if (!fields.is_object()) return fields;
  if (!options.source.empty()) fields["source"] = options.source;
  if (!options.changeling.empty() || !options.task.empty()) {
    for (const char* target : {"changeling", "task"}) fields.erase(target);
    fields[options.changeling.empty() ? "task" : "changeling"] =
        valid_utf8(options.changeling.empty() ? options.task : options.changeling);
  }
  return fields;
}

store::WebhookRecord webhook_of(const AddOptions& options, store::WebhookRecord webhook) {
  if (!options.file.empty())
    webhook = webhooks::edited(std::move(webhook), fields_in_file(options), options.file);
  if (!options.source.empty()) webhook.source = options.source;
  apply_target(options, webhook);
  if (!options.events.empty()) webhook.events = given_words(options.events);
  if (!options.conditions.empty()) webhook.conditions = given_pairs("--when", options.conditions);
  if (!options.mapping.empty()) webhook.mapping = given_pairs("--map", options.mapping);
  if (!options.actors.empty()) webhook.actors = given_words(options.actors);
  if (options.poll->given()) webhook.poll = options.poll->is_on();
  if (options.enabled->given()) webhook.enabled = options.enabled->is_on();
  if (webhook.source.empty())
    throw Error(ErrorKind::Usage, "who sends the deliveries?",
                fmt::format("give --source {}", words_in_help(webhooks::sources())));
  return webhook;
}

/// The secret that the user brings; empty without one.
std::string given_secret(const AddOptions& options, const webhooks::SourceRow& source) {
  if (options.secret_file.empty()) return "";
  std::string secret(trim(text_from(options.secret_file)));
  if (const std::string problem = webhooks::secret_problem(source, secret); !problem.empty())
    throw Error(ErrorKind::Usage,
                fmt::format("--secret-file: this is no secret for {}: {}", source.word, problem));
  return secret;
}

/// Shown once, to be given to the source; of one that the user brought nothing.
std::string make_secret(Context& context, const AddOptions& options, const store::WebhookRecord& webhook) {
  const webhooks::SecretStore store(context);
  const webhooks::SourceRow& source = webhooks::find_source(webhook.source);
  const std::string given = given_secret(options, source);
  if (!given.empty()) store.set(webhook.name, given, webhooks::SecretStore::Before::Dropped);
  if (!given.empty() || webhook.poll || !store.secrets(webhook.name).empty()) return "";
  const std::string secret = webhooks::new_secret(source.secret);
  store.set(webhook.name, secret, webhooks::SecretStore::Before::Dropped);
  return secret;
}

Answer add(Context& context, const AddOptions& options) {
  check_given_name(options.name);
  const webhooks::WrittenWebhook written = webhooks::write_webhook(
      context, options.name, options.update ? project::Expectation::Either : project::Expectation::Missing,
      [&](store::WebhookRecord webhook) { return webhook_of(options, std::move(webhook)); });
  const std::string secret = make_secret(context, options, written.webhook);
  Answer answer{view::to_json(context, written.webhook),
                fmt::format("{} {}\n", written.is_new ? "Added" : "Updated", options.name), 0};
  answer.json["secret"] = secret.empty() ? Json(nullptr) : Json(secret);
  if (secret.empty()) return answer;
  answer.text += fmt::format("secret  {}\n", secret);
  answer.next =
      fmt::format("let {} send JSON to /hooks/{} of the address of git changeling serve, with this secret",
                  written.webhook.source, options.name);
  return answer;
}

}  // namespace

CommandSpec webhook_add_command() {
  return {
      "webhook add", "Let deliveries from outside start a changeling or add tasks",
      "The service (git changeling serve) takes deliveries at /hooks/NAME, checks their signature, and "
      "starts "
      "the changeling, or adds a task whose title is a template: {title}, {text}, {url}, {number}, {actor}, "
      "{event}, names of --map, and JSON pointers like {/issue/title} stand for what the delivery says.\n\n"
      "A secret is made and shown once; it stays on this machine, and on no reference. A source that makes "
      "the "
      "secret itself, such as Slack or Linear, gives it: --secret-file.\n\n"
      "With --poll the forge is asked instead, by the service and by tick, where no forge reaches this "
      "machine.\n\n"
      "Deliveries of forges count only when who caused them may write to the repository, as the forge says.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<AddOptions>();
        syntax.value("name", options->name, "Name of the webhook").value_name("NAME").required();
        syntax.value("--source", options->source, "Who sends")
            .value_name("SOURCE")
            .one_of(words_of(webhooks::sources()));
        Option changeling = syntax.value("--for", options->changeling, "Start this changeling");
        changeling.value_name("CHANGELING");
        syntax.value("--task", options->task, "Add a task with this title, a template")
            .value_name("TEMPLATE")
            .excludes(changeling);
        syntax.single("--description", options->description, "Text of the task, a template")
            .value_name("TEMPLATE");
        syntax.single("--role", options->role, "Role of the task").value_name("ROLE");
        syntax.value("--status", options->status, "Status that the task begins with (default: inbox)")
            .value_name("STATUS")
            .one_of({"inbox", "planning", "ready"});
        syntax
            .repeatable("--event", options->events,
                        "Only this event, such as issues.opened, or issues for all that happens to them")
            .value_name("EVENT");
        syntax.repeatable("--when", options->conditions, "Only when this stands there")
            .value_name("POINTER=VALUE");
        syntax.repeatable("--map", options->mapping, "What templates and the agent call NAME")
            .value_name("NAME=POINTER");
        syntax
            .repeatable("--allow-actor", options->actors,
                        "Id of a person on the source's server who may cause it without being asked for")
            .value_name("ID");
        syntax.value("--file", options->file, "Take the fields from a JSON file, '-' for standard input")
            .value_name("FILE");
        syntax
            .value("--secret-file", options->secret_file,
                   "The secret that the source has made, '-' for standard input")
            .value_name("FILE");
        options->poll =
            syntax.on_or_off("poll", "Ask the forge for its events; nothing need reach this machine");
        options->enabled = syntax.on_or_off("enabled", "Take deliveries");
        syntax.flag("--update", options->update, "Change it if it is there already");
        return [options](Context& context) { return add(context, *options); };
      }};
}

}  // namespace changeling::cli
