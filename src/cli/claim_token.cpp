#include "cli/claim_token.hpp"

#include <fmt/format.h>

#include "cli/syntax.hpp"
#include "project/queue_settings.hpp"
#include "queue/rules.hpp"

namespace changeling::cli {

void ClaimHolder::declare(Syntax& syntax) {
  syntax.number("--token", token, "Token that the claim gave (default: that of your own claim)", 1)
      .value_name("N");
  syntax
      .value("--as", worker, "Name of the worker that claimed it (default: $CHANGELING_WORKER, or user@host)")
      .value_name("WORKER");
}

std::int64_t ClaimHolder::token_of(Context& context, const queue::Task& task) const {
  if (token) return *token;
  return queue::held_token(task, closer(context).worker);
}

queue::Closer ClaimHolder::closer(Context& context) const {
  return {worker.empty() ? project::queue_settings(context).worker : worker, token};
}

std::string token_words(Context& context, const queue::Task& task) {
  if (!task.lease || task.lease->owner == project::queue_settings(context).worker) return "";
  return fmt::format(" --token {}", task.lease->token);
}

}  // namespace changeling::cli
