#include "cli/claim_token.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/option_kinds.hpp"
#include "cli/queue_settings.hpp"
#include "queue/rules.hpp"

namespace changeling::cli {

void ClaimHolder::declare(CLI::App& app) {
  whole_number(
      app.add_option("--token", token, "Token that the claim gave (default: that of your own claim)"), 1)
      ->type_name("N");
  app.add_option("--as", worker,
                 "Name of the worker that claimed it (default: $CHANGELING_WORKER, or user@host)")
      ->type_name("WORKER");
}

std::int64_t ClaimHolder::token_of(Context& context, const queue::Task& task) const {
  if (token) return *token;
  return queue::held_token(task, closer(context).worker);
}

queue::Closer ClaimHolder::closer(Context& context) const {
  return {worker.empty() ? queue_settings(context).worker : worker, token};
}

std::string token_words(Context& context, const queue::Task& task) {
  if (!task.lease || task.lease->owner == queue_settings(context).worker) return "";
  return fmt::format(" --token {}", task.lease->token);
}

}  // namespace changeling::cli
