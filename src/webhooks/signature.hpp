#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/clock.hpp"

namespace changeling::webhooks {

struct SourceRow;

/// Names in lower case; the values of a header that came several times are joined by ", ".
using Headers = std::map<std::string, std::string>;

/// How a delivery proves where it comes from. All are HMAC-SHA256 over the raw bytes, or a word compared.
enum class Scheme {
  HexOfBody,         ///< "sha256=" and hex digits over the body.
  BareHexOfBody,     ///< Hex digits over the body; every header of the source that is there must hold.
  StandardWebhooks,  ///< "v1," and base64 over "ID.TIME.BODY" (https://www.standardwebhooks.com).
  SlackVersion0,     ///< "v0=" and hex digits over "v0:TIME:BODY".
  LinearHex,         ///< Hex digits over the body, whose `webhookTimestamp` says when.
  StandardOrToken,   ///< As the secret is: "whsec_…" is that of Standard Webhooks, any other one is sent.
};

/// What a secret that we make looks like.
enum class SecretKind { Text, Standard };

/// Only Right is a delivery; the others are told apart for the answer's number alone.
enum class Verdict { Right, Wrong, Stale };

/// Whether it matters when a delivery was sent.
enum class Age { Checked, Ignored };

/// Whether a delivery is signed with one of the secrets. Nothing of the body is parsed before it is. An empty
/// secret signs nothing.
Verdict verify(const SourceRow& source, const Headers& headers, std::string_view body,
               const std::vector<std::string>& secrets, Timestamp now, Age age = Age::Checked);

/// A new one, random.
std::string new_secret(SecretKind kind);
/// Why a secret that somebody else has made cannot be one; empty when it can.
std::string secret_problem(const SourceRow& source, std::string_view secret);

}  // namespace changeling::webhooks
