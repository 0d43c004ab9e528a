#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace changeling {

/// Replaces secrets before text is stored or shown: every known value of at least six characters, and
/// strings in the published shape of tokens (GitHub, Anthropic, OpenAI, AWS, Slack, GitLab, private key
/// blocks, `user:password@` in URLs) become "[redacted]".
class Redactor {
 public:
  Redactor() = default;
  explicit Redactor(std::vector<std::string> known_secrets);
  std::string operator()(std::string_view text) const;

 private:
  std::vector<std::string> secrets_;  ///< Longest first, so that a secret inside another is covered.
};

}  // namespace changeling
