#include "support/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

constexpr std::string_view replacement = "[redacted]";
/// Shorter ones would blot out words that are no secret.
constexpr std::size_t shortest_secret = 6;
/// By then a token shows its shape, and a URL or a key's first line that they are one.
constexpr std::size_t longest_start_of_token = 256;

/// A prefix that only tokens have, and how many token characters must follow before it counts.
struct TokenShape {
  std::string_view prefix;
  std::size_t least;
};

constexpr std::array shapes{
    TokenShape{"ghp_", 20},    TokenShape{"gho_", 20},     TokenShape{"ghu_", 20},
    TokenShape{"ghs_", 20},    TokenShape{"ghr_", 20},     TokenShape{"github_pat_", 20},
    TokenShape{"sk-ant-", 16}, TokenShape{"sk-proj-", 16}, TokenShape{"sk-", 32},
    TokenShape{"AKIA", 16},    TokenShape{"ASIA", 16},     TokenShape{"xoxb-", 16},
    TokenShape{"xoxp-", 16},   TokenShape{"xapp-", 16},    TokenShape{"glpat-", 16},
    TokenShape{"AIza", 30},
};

bool is_token_character(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' || letter == '-';
}

std::size_t token_length(std::string_view text) {
  for (const TokenShape& shape : shapes) {
    if (!text.starts_with(shape.prefix)) continue;
    std::size_t end = shape.prefix.size();
    while (end < text.size() && is_token_character(text[end])) ++end;
    if (end - shape.prefix.size() >= shape.least) return end;
  }
  return 0;
}

constexpr std::string_view url_mark = "://";
constexpr std::string_view key_begin = "-----BEGIN ";
constexpr std::string_view key_end = "-----END ";
constexpr std::string_view key_kind = "PRIVATE KEY";
constexpr std::string_view key_dashes = "-----";
/// Room for the kind of key, such as "OPENSSH PRIVATE KEY BLOCK".
constexpr std::size_t longest_label = 64;

/// Behind a marker such as "-----BEGIN ": the length up to the dashes that close it, 0 when it is not closed
/// or not about a private key.
std::size_t key_label_length(std::string_view text) {
  const std::string_view label = text.substr(0, longest_label);
  const auto dashes = label.find(key_dashes);
  if (dashes == std::string_view::npos || label.substr(0, dashes).find(key_kind) == std::string_view::npos)
    return 0;
  return dashes + key_dashes.size();
}

/// For text behind "://": the length of "user:password", when an '@' ends it before the host's end.
std::size_t url_credentials_length(std::string_view text) {
  const std::string_view authority = text.substr(0, text.find_first_of("/?# \t\r\n\"'<>\\"));
  // A password may hold an '@' that nobody escaped: the last one counts.
  const auto end = authority.rfind('@');
  return end == std::string_view::npos ? 0 : end;
}

/// As JSON writes it between the quotes.
std::string json_escaped(const std::string& text) {
  const std::string quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

Redactor::Redactor(const std::vector<std::string>& known_secrets) {
  for (const std::string& secret : known_secrets) {
    const std::string_view whole = trim(secret);
    std::vector<std::string> forms = split_lines(whole);
    forms.emplace_back(whole);
    for (const std::string& form : forms) {
      const std::string text(trim(form));
      if (text.size() < shortest_secret) continue;
      secrets_.push_back(text);
      secrets_.push_back(json_escaped(text));
    }
  }
  std::sort(secrets_.begin(), secrets_.end(), [](const std::string& one, const std::string& two) {
    return one.size() != two.size() ? one.size() > two.size() : one < two;
  });
  secrets_.erase(std::unique(secrets_.begin(), secrets_.end()), secrets_.end());
}

std::optional<Redactor::Span> Redactor::secret_at(std::string_view text, std::size_t position) const {
  const std::string_view rest = text.substr(position);
  for (const std::string& secret : secrets_) {
    if (rest.starts_with(secret)) return Span{position, position + secret.size()};
  }
  if (position == 0 || !is_token_character(text[position - 1])) {
    if (const std::size_t length = token_length(rest); length > 0) return Span{position, position + length};
  }
  if (rest.starts_with(key_begin) && key_label_length(rest.substr(key_begin.size())) > 0) {
    for (auto end = rest.find(key_end); end != std::string_view::npos; end = rest.find(key_end, end + 1)) {
      const std::size_t label = key_label_length(rest.substr(end + key_end.size()));
      if (label > 0) return Span{position, position + end + key_end.size() + label};
    }
    return Span{position, text.size(), true};
  }
  if (rest.starts_with(url_mark)) {
    const std::size_t length = url_credentials_length(rest.substr(url_mark.size()));
    if (length > 0) return Span{position, position + url_mark.size() + length};
  }
  return std::nullopt;
}

std::vector<Redactor::Span> Redactor::find(std::string_view text) const {
  std::vector<Span> spans;
  for (std::size_t position = 0; position < text.size(); ++position) {
    const auto span = secret_at(text, position);
    if (!span) continue;
    if (spans.empty() || span->begin >= spans.back().end) {
      spans.push_back(*span);
    } else if (span->end > spans.back().end) {
      spans.back().end = span->end;
      spans.back().open = span->open;
    }
  }
  return spans;
}

std::string Redactor::operator()(std::string_view text) const {
  std::string clean;
  clean.reserve(text.size());
  std::size_t position = 0;
  for (const Span& span : find(text)) {
    clean += text.substr(position, span.begin - position);
    // Belongs to the secret, so that the two are not torn apart, and may be shown.
    if (text.substr(span.begin).starts_with(url_mark)) clean += url_mark;
    clean += replacement;
    position = span.end;
  }
  clean += text.substr(position);
  return clean;
}

std::size_t Redactor::settled_length(std::string_view text) const {
  const std::size_t longest = secrets_.empty() ? 0 : secrets_.front().size();
  const std::size_t unsettled = std::max(longest, longest_start_of_token);
  // Only a private key goes on in the next line.
  std::size_t settled = std::max(text.rfind('\n') + 1, text.size() - std::min(text.size(), unsettled));
  const auto spans = find(text);
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    const bool goes_on = span->open || span->end == text.size() || span->end > settled;
    if (span->begin < settled && goes_on) settled = span->begin;
  }
  return settled;
}

}  // namespace changeling
