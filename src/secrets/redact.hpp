#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "secrets/secret_search.hpp"

namespace changeling {

/// Replaces secrets before text is stored or shown: every known value of at least six characters (and each
/// such line of one with several lines), and strings in the published shape of tokens, private keys and
/// `user:password@` in URLs become "[redacted]". A known value is also found as base64 at any place in a
/// longer text (so in an Authorization header), as hex, URL-encoded, and escaped in a string. Secrets that
/// overlap become one. Linear in the text, whatever is in it.
class Redactor {
 public:
  Redactor() : Redactor(std::vector<std::string>()) {}
  explicit Redactor(const std::vector<std::string>& known_secrets);

  std::string operator()(std::string_view text) const;
  /// As operator(), for what was cut out of something longer: what may be the end of a known value at the
  /// beginning, or the beginning of one at the end, goes as well when it has six signs or more.
  std::string part(std::string_view text) const;

  const KnownSecrets& known() const { return *known_; }

 private:
  std::shared_ptr<const KnownSecrets> known_;
};

/// The same for a text that comes in pieces, however secrets are cut by them.
class RedactedStream {
 public:
  explicit RedactedStream(const Redactor& redactor);

  /// Takes more of the text and gives back what can be shown now. What may yet turn out to be part of a
  /// secret is held back: mostly nothing, and never more than the longest known value with its escapes.
  std::string take(std::string_view piece);
  /// Gives back what is held, where waiting is not possible. Six signs or more that begin a known value are
  /// a secret then; the value is still found when it goes on.
  std::string pause();
  /// The text is whole: gives back the rest.
  std::string finish();

 private:
  std::string show_until(std::size_t limit);

  SecretSearch search_;
  std::string text_;       ///< What is not shown yet,
  std::size_t shown_ = 0;  ///< and where it begins.
};

}  // namespace changeling
