#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "changeling/fields.hpp"
#include "changeling/toml_document.hpp"
#include "changeling/toml_file.hpp"
#include "support/error.hpp"

// What the readers of `.changelings.toml`, of single definitions and of the user's own file share.
namespace changeling {

/// "path.key", or the key alone at the top.
std::string path_of(std::string_view path, std::string_view key);

/// Runs a check whose error knows neither the file nor the place, and adds them.
template <typename Check>
void check_at(const SourceLocation& location, const std::string& path, const Check& check) {
  try {
    check();
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}{}", location.describe(), path, error.what()), error.hint());
  }
}

/// The value in that kind, or a refusal that says which kind it should be.
FieldValue read_value(FieldKind kind, const TomlNode& node, const std::string& path);

/// The fields of one changeling. Throws Error(Invalid) with place, path and what is allowed.
Layer read_layer(const TomlNode& node, const std::string& path, const std::string& origin);

/// Calls `read(name, node, path)` for every table inside `section`; each is named like a changeling.
template <typename Read>
void read_named_tables(const TomlNode& section, const std::string& path, const Read& read) {
  for (const TomlEntry& entry : expect_table(section, path)) {
    check_at(entry.key_location, path + ": ", [&] { check_changeling_name(entry.key); });
    read(entry.key, entry.node, path_of(path, entry.key));
  }
}

}  // namespace changeling
