#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changeling {

/// Replaces secrets before text is stored or shown: every known value of at least six characters (and each
/// such line of one with several lines), also as it looks inside a JSON string, and strings in the published
/// shape of tokens (GitHub, Anthropic, OpenAI, AWS, Slack, GitLab, Google, private key blocks,
/// `user:password@` in URLs) become "[redacted]". Secrets that overlap become one.
class Redactor {
 public:
  Redactor() = default;
  explicit Redactor(const std::vector<std::string>& known_secrets);
  std::string operator()(std::string_view text) const;

  /// How much of a text that is still growing can be redacted now: behind it a secret may have begun whose
  /// end is yet to come.
  std::size_t settled_length(std::string_view text) const;

 private:
  /// Part of a text that must not be shown.
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool open = false;  ///< Its end was not found; it may be in what comes next.
  };
  std::optional<Span> secret_at(std::string_view text, std::size_t position) const;
  /// In order, without overlaps.
  std::vector<Span> find(std::string_view text) const;

  std::vector<std::string> secrets_;  ///< Longest first.
};

}  // namespace changeling
