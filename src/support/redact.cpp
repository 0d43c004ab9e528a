#include "support/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace changeling {
namespace {

constexpr std::string_view replacement = "[redacted]";

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

/// Length of "-----BEGIN … PRIVATE KEY-----" up to its end line, or to the end of the text.
std::size_t private_key_length(std::string_view text) {
  if (!text.starts_with("-----BEGIN ")) return 0;
  const auto line_end = text.find('\n');
  if (text.substr(0, line_end).find("PRIVATE KEY-----") == std::string_view::npos) return 0;
  const auto end = text.find("-----END ");
  if (end == std::string_view::npos) return text.size();
  const auto end_of_line = text.find('\n', end);
  return end_of_line == std::string_view::npos ? text.size() : end_of_line;
}

/// For text behind "://": the length of "user:password", when an '@' ends it before any '/' or space.
std::size_t url_credentials_length(std::string_view text) {
  const auto end = text.find_first_of("@/ \t\r\n\"'<>");
  return end != std::string_view::npos && end > 0 && text[end] == '@' ? end : 0;
}

}  // namespace

Redactor::Redactor(std::vector<std::string> known_secrets) : secrets_(std::move(known_secrets)) {
  std::erase_if(secrets_, [](const std::string& secret) { return secret.size() < 6; });
  std::sort(secrets_.begin(), secrets_.end(),
            [](const std::string& one, const std::string& two) { return one.size() > two.size(); });
}

std::string Redactor::operator()(std::string_view text) const {
  std::string clean;
  clean.reserve(text.size());
  char before = ' ';
  while (!text.empty()) {
    std::size_t length = 0;
    for (const std::string& secret : secrets_) {
      if (text.starts_with(secret)) {
        length = secret.size();
        break;
      }
    }
    if (length == 0 && !is_token_character(before)) length = token_length(text);
    if (length == 0) length = private_key_length(text);
    if (length > 0) {
      clean += replacement;
    } else if (text.starts_with("://") && url_credentials_length(text.substr(3)) > 0) {
      clean += "://";
      clean += replacement;
      length = 3 + url_credentials_length(text.substr(3));
    } else {
      clean += text.front();
      length = 1;
    }
    before = text[length - 1];
    text.remove_prefix(length);
  }
  return clean;
}

}  // namespace changeling
