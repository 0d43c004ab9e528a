#include "store/record_kinds.hpp"
#include "store/webhook_record.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

void check(const std::string& text, std::string_view path) {
  static_cast<void>(webhook_from_json(parse_json(text, path), path));
}

}  // namespace

/// Its fields belong together, and a changed one is approved anew: the published one stays as a whole.
const RecordKind webhook_kind{
    .folder = "webhooks",
    .spread = Spread::Flat,
    .layout = "webhooks/NAME.json",
    .name = "a webhook",
    .sentence = "Which deliveries from outside start what, without the secrets ([webhooks.md](webhooks.md))",
    .id_at = webhook_of,
    .check = check};

}  // namespace changeling::store
