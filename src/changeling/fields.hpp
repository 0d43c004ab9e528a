#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "changeling/definition.hpp"

namespace changeling {

/// A value as it was written in one source, before merging.
using FieldValue = std::variant<std::string, bool, std::int64_t, double, std::vector<std::string>,
                                std::map<std::string, std::string>>;

enum class FieldKind {
  Text,
  Boolean,
  Integer,
  Money,     ///< US dollars.
  TimeSpan,  ///< Written "15m"; kept as text until resolved.
  Choice,    ///< One of FieldSpec::choices.
  TextList,
  TextMap,
};

/// One row per field of a definition: the only list of them. The TOML reader and writer, `add` and `update`,
/// `show --origin` and the reference documentation all follow it.
struct FieldSpec {
  std::string_view key;     ///< In TOML and in JSON: "max_open_prs".
  std::string_view option;  ///< On the command line without dashes: "max-open-prs"; empty: none.
  FieldKind kind;
  std::string_view value_name;  ///< For --help: "CRON".
  std::string_view help;        ///< One line.
  std::vector<std::string_view> choices;
  /// Throws Error(Invalid) saying what is allowed; only the message part after "key: ". May be null.
  void (*check)(const FieldValue& value);
  /// Writes the value, already of the right kind and checked, into the definition.
  void (*apply)(const FieldValue& value, Definition& definition);
  /// The value in a complete definition, for writing it out as JSON.
  FieldValue (*read)(const Definition& definition);
};

/// Sorted in the order in which they are shown and written.
std::span<const FieldSpec> definition_fields();
const FieldSpec* find_field(std::string_view key);

/// Where in a file something stands; line and column count from 1, 0 when unknown.
struct SourceLocation {
  std::string file;
  int line = 0;
  int column = 0;

  /// "file:line:column" or as much of it as is known.
  std::string describe() const;
};

/// Some fields of one changeling as one source gives them.
struct Layer {
  std::string origin;  ///< For people and `show --origin`: "template fixme-fairy", ".changelings.toml",
                       ///< "refs/changelings/state", "command line", "default".
  SourceLocation location;
  std::map<std::string, FieldValue> values;         ///< By key; only valid keys and checked values.
  std::map<std::string, SourceLocation> locations;  ///< Of each key, where known.
};

/// A value for every field when nobody says otherwise; origin "default".
const Layer& default_layer();

}  // namespace changeling
