#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace changeling {

/// What must be looked for so that a value is found. A value of several lines counts as a whole and by lines,
/// because output comes line by line; space around a line does not hide it. Values and lines of fewer than
/// six signs are left out: they would blot out words that are no secret.
struct SecretForms {
  std::vector<std::string> plain;  ///< As it is, and as a JSON string has it.
  /// In the alphabet of RFC 4648, section 4: what every text holds that has the value anywhere in it, at each
  /// of the three places in a group of three bytes.
  std::vector<std::string> base64;
  std::vector<std::string> hex;  ///< Digits in lower case.
};

SecretForms forms_of(const std::vector<std::string>& values);

/// Of RFC 4648, section 4, with its padding.
std::string base64(std::string_view bytes);

}  // namespace changeling
