#include "secrets/forms.hpp"

#include <algorithm>

#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

constexpr std::size_t shortest_secret = 6;

/// As JSON writes it between the quotes.
std::string json_escaped(const std::string& text) {
  const std::string quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

/// The signs of base64 that depend on `value` alone when `before` bytes of something else stand before it.
std::string base64_core(const std::string& value, std::size_t before) {
  constexpr std::size_t bits_of_byte = 8;
  constexpr std::size_t bits_of_sign = 6;
  const std::string encoded = base64(std::string(before, '\0') + value);
  const std::size_t first = (before * bits_of_byte + bits_of_sign - 1) / bits_of_sign;
  const std::size_t last = (before + value.size()) * bits_of_byte / bits_of_sign;
  return encoded.substr(first, last - first);
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char sign : bytes) {
    const auto byte = static_cast<unsigned char>(sign);
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

void add_forms(SecretForms& forms, const std::string& value) {
  forms.plain.push_back(value);
  std::string escaped = json_escaped(value);
  if (escaped != value) forms.plain.push_back(std::move(escaped));
  for (std::size_t before = 0; before < 3; ++before) forms.base64.push_back(base64_core(value, before));
  forms.hex.push_back(hex(value));
}

}  // namespace

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned group = 0;
    for (std::size_t byte = at; byte < at + 3; ++byte)
      group = group << 8U | (byte < bytes.size() ? static_cast<unsigned char>(bytes[byte]) : 0U);
    for (unsigned shift = 24; shift > 0; shift -= 6) text += alphabet[group >> (shift - 6) & 0x3FU];
  }
  const std::size_t padding = (3 - bytes.size() % 3) % 3;
  return text.replace(text.size() - padding, padding, padding, '=');
}

SecretForms forms_of(const std::vector<std::string>& values) {
  SecretForms forms;
  for (const std::string& value : values) {
    const std::string_view whole = trim(value);
    std::vector<std::string> parts = split_lines(whole);
    parts.emplace_back(whole);
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    for (const std::string& part : parts) {
      if (const std::string text(trim(part)); text.size() >= shortest_secret) add_forms(forms, text);
    }
  }
  return forms;
}

}  // namespace changeling
