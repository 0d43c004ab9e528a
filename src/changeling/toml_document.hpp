#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "changeling/fields.hpp"

namespace changeling {

struct TomlEntry;

/// A date or time of day: TOML has them, definitions do not.
struct TomlDate {};

/// A value of a TOML document and where it stands. This is all that the rest of the floor sees of TOML.
struct TomlNode {
  using List = std::vector<TomlNode>;
  using Table = std::vector<TomlEntry>;  ///< In the order of the file.

  SourceLocation location;
  std::variant<std::string, bool, std::int64_t, double, TomlDate, List, Table> value;
};

struct TomlEntry {
  std::string key;
  SourceLocation key_location;
  TomlNode node;
};

/// Throws Error(Invalid) with file, line and column for what is not TOML. The result is a table.
TomlNode parse_toml(std::string_view text, const std::string& file_name);

/// "a string", "an integer", "a list", …: what the node is, for a message that says what it should be.
std::string_view describe_type(const TomlNode& node);

/// Throws Error(Invalid) "FILE:LINE:COLUMN: path: problem".
[[noreturn]] void refuse_at(const SourceLocation& location, std::string_view path, std::string_view problem,
                            std::string hint = "");

// Typed access; a wrong type is refused with the path and what is expected.
const std::string& expect_text(const TomlNode& node, std::string_view path);
bool expect_boolean(const TomlNode& node, std::string_view path);
const TomlNode::Table& expect_table(const TomlNode& node, std::string_view path);
std::vector<std::string> expect_text_list(const TomlNode& node, std::string_view path);
std::map<std::string, std::string> expect_text_map(const TomlNode& node, std::string_view path);

/// A key that does not exist here, with the keys that do and the nearest of them as the hint.
[[noreturn]] void refuse_unknown_key(const TomlEntry& entry, std::string_view path,
                                     const std::vector<std::string>& allowed, std::string hint = "");

}  // namespace changeling
