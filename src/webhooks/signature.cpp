#include "webhooks/signature.hpp"

#include <algorithm>
#include <charconv>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/reading_limits.hpp"
#include "support/text.hpp"
#include "webhooks/hmac.hpp"
#include "webhooks/sources.hpp"

namespace changeling::webhooks {
namespace {

constexpr std::string_view standard_prefix = "whsec_";
constexpr auto most_age = std::chrono::seconds(300);
constexpr auto most_age_linear = std::chrono::seconds(60);

struct Message {
  const SourceRow& source;
  const Headers& headers;
  std::string_view body;
  Timestamp now;
  Age age;
};

std::string_view header(const Headers& headers, std::string_view name) {
  const auto found = headers.find(std::string(name));
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

/// Nothing but digits, and not more than a time can have.
std::optional<std::int64_t> number_in(std::string_view text) {
  constexpr std::size_t most_digits = 15;
  if (text.empty() || text.size() > most_digits) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

Verdict judge_age(const Message& message, Timestamp sent, Duration most) {
  if (message.age == Age::Ignored) return Verdict::Right;
  const Duration away = sent < message.now ? message.now - sent : sent - message.now;
  return away <= most ? Verdict::Right : Verdict::Stale;
}

Timestamp at_second(std::int64_t seconds) {
  return Timestamp(std::chrono::seconds(seconds));
}

bool is_mac_in_hex(std::string_view given, std::string_view secret,
                   std::initializer_list<std::string_view> parts) {
  return same_bytes(given, hex_of(hmac_sha256(secret, parts)));
}

Verdict hex_of_body(const Message& message, std::string_view secret) {
  constexpr std::string_view method = "sha256=";
  const std::string_view given = header(message.headers, message.source.signature);
  if (!given.starts_with(method)) return Verdict::Wrong;
  return is_mac_in_hex(given.substr(method.size()), secret, {message.body}) ? Verdict::Right : Verdict::Wrong;
}

/// Forgejo sends the header of Gitea, too.
Verdict bare_hex_of_body(const Message& message, std::string_view secret) {
  const std::string expected = hex_of(hmac_sha256(secret, {message.body}));
  bool any = false;
  bool all = true;
  for (const char* name : {"x-gitea-signature", "x-forgejo-signature"}) {
    if (!message.headers.contains(name)) continue;
    any = true;
    all = same_bytes(header(message.headers, name), expected) && all;
  }
  return any && all ? Verdict::Right : Verdict::Wrong;
}

/// Any of the signatures may be it: a sender that changes its secret signs with both.
bool is_one_of(std::string_view given, const std::string& expected) {
  bool found = false;
  for (const std::string& signature : split(given, ' ')) {
    constexpr std::string_view version = "v1,";
    if (!signature.starts_with(version)) continue;
    found = same_bytes(std::string_view(signature).substr(version.size()), expected) || found;
  }
  return found;
}

Verdict standard_webhooks(const Message& message, std::string_view secret) {
  if (!secret.starts_with(standard_prefix)) return Verdict::Wrong;
  const auto key = bytes_of_base64(secret.substr(standard_prefix.size()));
  const std::string_view id = header(message.headers, "webhook-id");
  const std::string_view time = header(message.headers, "webhook-timestamp");
  const auto seconds = number_in(time);
  if (!key || key->empty() || id.empty() || !seconds) return Verdict::Wrong;
  const std::string expected = base64_of(hmac_sha256(*key, {id, ".", time, ".", message.body}));
  if (!is_one_of(header(message.headers, "webhook-signature"), expected)) return Verdict::Wrong;
  return judge_age(message, at_second(*seconds), most_age);
}

Verdict slack_version_0(const Message& message, std::string_view secret) {
  constexpr std::string_view version = "v0=";
  const std::string_view given = header(message.headers, message.source.signature);
  const std::string_view time = header(message.headers, "x-slack-request-timestamp");
  const auto seconds = number_in(time);
  if (!given.starts_with(version) || !seconds) return Verdict::Wrong;
  if (!is_mac_in_hex(given.substr(version.size()), secret, {"v0:", time, ":", message.body}))
    return Verdict::Wrong;
  return judge_age(message, at_second(*seconds), most_age);
}

/// Only what is signed is parsed.
Verdict linear_hex(const Message& message, std::string_view secret) {
  if (!is_mac_in_hex(header(message.headers, message.source.signature), secret, {message.body}))
    return Verdict::Wrong;
  try {
    const auto sent = json_integer(parse_json(message.body, "the body"), "webhookTimestamp");
    if (!sent || *sent < 0 || *sent > most_number) return Verdict::Wrong;
    return judge_age(message, Timestamp(std::chrono::milliseconds(*sent)), most_age_linear);
  } catch (const Error&) {
    return Verdict::Wrong;
  }
}

Verdict token(const Message& message, std::string_view secret) {
  std::string_view given = header(message.headers, message.source.signature);
  if (message.source.signature == "authorization") {
    constexpr std::string_view scheme = "Bearer ";
    if (!given.starts_with(scheme)) return Verdict::Wrong;
    given.remove_prefix(scheme.size());
  }
  // Of equal length, so that the time does not tell how long the secret is.
  constexpr std::string_view any_key = "a word that is sent";
  return same_bytes(hex_of(hmac_sha256(any_key, {given})), hex_of(hmac_sha256(any_key, {secret})))
             ? Verdict::Right
             : Verdict::Wrong;
}

Verdict verify_with(const Message& message, std::string_view secret) {
  if (secret.empty()) return Verdict::Wrong;
  switch (message.source.scheme) {
    case Scheme::HexOfBody:
      return hex_of_body(message, secret);
    case Scheme::BareHexOfBody:
      return bare_hex_of_body(message, secret);
    case Scheme::StandardWebhooks:
      return standard_webhooks(message, secret);
    case Scheme::SlackVersion0:
      return slack_version_0(message, secret);
    case Scheme::LinearHex:
      return linear_hex(message, secret);
    case Scheme::StandardOrToken:
      break;
  }
  return secret.starts_with(standard_prefix) ? standard_webhooks(message, secret) : token(message, secret);
}

}  // namespace

Verdict verify(const SourceRow& source, const Headers& headers, std::string_view body,
               const std::vector<std::string>& secrets, Timestamp now, Age age) {
  const Message message{source, headers, body, now, age};
  Verdict best = Verdict::Wrong;
  for (const std::string& secret : secrets) {
    const Verdict verdict = verify_with(message, secret);
    if (verdict == Verdict::Right || best == Verdict::Wrong) best = verdict;
  }
  return best;
}

std::string new_secret(SecretKind kind) {
  constexpr std::size_t letters = 43;
  constexpr std::size_t key_size = 32;
  if (kind == SecretKind::Text) return random_id(letters);
  // A digest of more randomness than it has bytes.
  const Mac key = hmac_sha256("a new secret", {random_id(2 * key_size)});
  return std::string(standard_prefix) + base64_of(key);
}

std::string secret_problem(const SourceRow& source, std::string_view secret) {
  constexpr std::size_t shortest = 16;
  const bool is_standard = secret.starts_with(standard_prefix);
  if (is_standard && !bytes_of_base64(secret.substr(standard_prefix.size())).has_value())
    return "what stands behind whsec_ is no base64";
  if (source.scheme == Scheme::StandardWebhooks && !is_standard) return "it does not begin with whsec_";
  if (secret.size() < shortest) return "it has less than 16 letters";
  const bool is_printable =
      std::all_of(secret.begin(), secret.end(), [](char letter) { return letter > ' ' && letter < 0x7F; });
  return is_printable ? "" : "it has letters that are no visible ASCII";
}

}  // namespace changeling::webhooks
