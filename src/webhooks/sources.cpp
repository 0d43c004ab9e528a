#include "webhooks/sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"

namespace changeling::webhooks {
namespace {

// As their documentation says; where each header and field is described stands in docs/webhooks.md.
constexpr std::array all_sources{
    SourceRow{.word = "github",
              .scheme = Scheme::HexOfBody,
              .signature = "x-hub-signature-256",
              .delivery = "x-github-delivery",
              .event = "x-github-event",
              .action = "/action",
              .actor = "/sender/id",
              .login = "/sender/login",
              .people = People::Asked,
              .same_body = SameBody::Duplicate,
              .sentence = "GitHub; its older SHA-1 signature is ignored"},
    SourceRow{.word = "gitea",
              .scheme = Scheme::BareHexOfBody,
              .signature = "x-gitea-signature",
              .delivery = "x-gitea-delivery",
              .event = "x-gitea-event",
              .action = "/action",
              .actor = "/sender/id",
              .login = "/sender/login",
              .people = People::Asked,
              .same_body = SameBody::Duplicate,
              .sentence = "Gitea and Forgejo; where both their signatures are sent, both must hold"},
    SourceRow{.word = "gitlab",
              .scheme = Scheme::StandardOrToken,
              .signature = "x-gitlab-token",
              .delivery = "idempotency-key",
              .event_in_body = "/object_kind",
              .action = "/object_attributes/action",
              .actor = "/user/id",
              .login = "/user/username",
              .people = People::Listed,
              .same_body = SameBody::Duplicate,
              .sentence =
                  "GitLab; a secret that begins with `whsec_` is its signing token, any other one its "
                  "secret token"},
    SourceRow{.word = "standard",
              .scheme = Scheme::StandardWebhooks,
              .signature = "webhook-signature",
              .delivery = "webhook-id",
              .event_in_body = "/type",
              .secret = SecretKind::Standard,
              .sentence = "Whatever sends Standard Webhooks"},
    SourceRow{.word = "slack",
              .scheme = Scheme::SlackVersion0,
              .signature = "x-slack-signature",
              .delivery_in_body = "/event_id",
              .event_in_body = "/event/type",
              .action = "/event/subtype",
              .sentence = "Slack's events; the secret is the app's signing secret"},
    SourceRow{.word = "jira",
              .scheme = Scheme::HexOfBody,
              .signature = "x-hub-signature",
              .delivery = "x-atlassian-webhook-identifier",
              .event_in_body = "/webhookEvent",
              .same_body = SameBody::Duplicate,
              .sentence = "Jira Cloud"},
    SourceRow{.word = "linear",
              .scheme = Scheme::LinearHex,
              .signature = "linear-signature",
              .delivery = "linear-delivery",
              .event_in_body = "/type",
              .action = "/action",
              .same_body = SameBody::Duplicate,
              .sentence = "Linear; the secret is the one that Linear shows"},
    SourceRow{.word = "generic",
              .scheme = Scheme::StandardOrToken,
              .signature = "authorization",
              .delivery = "webhook-id",
              .event_in_body = "/type",
              .sentence =
                  "Anything that sends JSON with `Authorization: Bearer SECRET`, or signs as Standard "
                  "Webhooks where the secret begins with `whsec_`"},
};

std::string header(const Headers& headers, std::string_view name) {
  const auto found = headers.find(std::string(name));
  return found == headers.end() ? "" : found->second;
}

std::string part_of(const SourceRow& source, const Headers& headers, const Json& payload) {
  if (!source.event.empty()) return header(headers, source.event);
  return text_at(payload, source.event_in_body).value_or("");
}

/// Of the sources that may sign so. Nobody can leave the header out of a delivery whose secret asks for it.
bool is_signed_with_id(const SourceRow& source, const Headers& headers) {
  return source.scheme == Scheme::StandardOrToken && headers.contains("webhook-signature");
}

std::string given_id(const SourceRow& source, const Headers& headers, const Json& payload) {
  if (is_signed_with_id(source, headers)) return header(headers, "webhook-id");
  if (!source.delivery.empty()) return header(headers, source.delivery);
  return text_at(payload, source.delivery_in_body).value_or("");
}

}  // namespace

std::span<const SourceRow> sources() {
  return all_sources;
}

const SourceRow* source_or_null(std::string_view word) {
  return find_word(sources(), word);
}

const SourceRow& find_source(std::string_view word) {
  if (const SourceRow* row = source_or_null(word)) return *row;
  throw not_allowed(ErrorKind::Usage, "source", word, words_of(sources()));
}

std::string event_of(const SourceRow& source, const Headers& headers, const Json& payload) {
  constexpr std::size_t longest = 100;
  const std::string event = part_of(source, headers, payload);
  const std::string action = source.action.empty() ? "" : text_at(payload, source.action).value_or("");
  return shortened(action.empty() || event.empty() ? event : event + "." + action, longest);
}

std::string delivery_id(const SourceRow& source, const Headers& headers, std::string_view body,
                        const Json& payload) {
  constexpr std::size_t longest = 200;
  const std::string id = given_id(source, headers, payload);
  return id.empty() || id.size() > longest ? "sha256-" + sha256_hex(body) : id;
}

SameBody same_body(const SourceRow& source, const Headers& headers) {
  return is_signed_with_id(source, headers) ? SameBody::Another : source.same_body;
}

std::optional<std::string> text_at(const Json& payload, std::string_view pointer) {
  if (pointer.empty() || pointer.front() != '/') return std::nullopt;
  try {
    const Json::json_pointer place{std::string(pointer)};
    if (!payload.contains(place)) return std::nullopt;
    const Json& value = payload.at(place);
    if (value.is_null()) return std::nullopt;
    return value.is_string() ? value.get<std::string>() : json_text(value);
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace changeling::webhooks
