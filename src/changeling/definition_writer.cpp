#include <fmt/format.h>

#include "changeling/record_fields.hpp"
#include "changeling/toml_file.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

/// Appends one character of a TOML basic string; `quote` and newlines are the caller's to judge.
void append_escaped(std::string& text, char character) {
  const auto byte = static_cast<unsigned char>(character);
  if (character == '\\') {
    text += "\\\\";
  } else if (character == '\t') {
    text += "\\t";
  } else if (byte < 0x20 || byte == 0x7f) {
    text += fmt::format("\\u{:04X}", byte);
  } else {
    text += character;
  }
}

std::string in_quotes(std::string_view value) {
  std::string text = "\"";
  for (const char character : value) {
    if (character == '"') {
      text += "\\\"";
    } else if (character == '\n') {
      text += "\\n";
    } else {
      append_escaped(text, character);
    }
  }
  return text + '"';
}

/// Several lines, as a person would write them. The newline after the opening quotes is not part of the
/// value.
std::string lines_in_quotes(std::string_view value) {
  std::string text = "\"\"\"\n";
  int quotes = 0;
  for (std::size_t index = 0; index < value.size(); ++index) {
    const char character = value[index];
    if (character == '"') {
      // Three in a row, or one at the end, would close the string.
      ++quotes;
      const bool closes = quotes == 3 || index + 1 == value.size();
      text += closes ? "\\\"" : "\"";
      if (closes) quotes = 0;
      continue;
    }
    quotes = 0;
    if (character == '\n') {
      text += '\n';
    } else {
      append_escaped(text, character);
    }
  }
  return text + "\"\"\"";
}

struct ValueWriter {
  std::string operator()(const std::string& value) const {
    return value.find('\n') == std::string::npos ? in_quotes(value) : lines_in_quotes(value);
  }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const {
    std::string text = fmt::format("{}", value);
    // Without a point or an exponent TOML would read an integer.
    if (text.find_first_of(".en") == std::string::npos) text += ".0";
    return text;
  }
  std::string operator()(const std::vector<std::string>& values) const {
    std::vector<std::string> items;
    std::size_t length = 0;
    for (const std::string& value : values) {
      items.push_back(in_quotes(value));
      length += items.back().size() + 2;
    }
    constexpr std::size_t comfortable_line = 90;
    if (length <= comfortable_line) return "[" + join(items, ", ") + "]";
    return "[\n    " + join(items, ",\n    ") + ",\n]";
  }
  std::string operator()(const std::map<std::string, std::string>& values) const {
    std::vector<std::string> items;
    for (const auto& [key, value] : values)
      items.push_back(fmt::format("{} = {}", in_quotes(key), in_quotes(value)));
    return items.empty() ? "{}" : "{ " + join(items, ", ") + " }";
  }
};

/// What differs from a record that says nothing.
template <typename Record>
std::string write_record(std::span<const RecordField<Record>> fields, const Record& record) {
  std::string text;
  for (const RecordField<Record>& field : fields) {
    const FieldValue value = field.read(record);
    if (value == field.read(Record())) continue;
    text += fmt::format("{} = {}\n", field.key, std::visit(ValueWriter(), value));
  }
  return text;
}

}  // namespace

std::string write_definition(const Layer& layer) {
  std::string text;
  for (const FieldSpec& field : definition_fields()) {
    const auto value = layer.values.find(std::string(field.key));
    if (value == layer.values.end()) continue;
    text += fmt::format("{} = {}\n", field.key, std::visit(ValueWriter(), value->second));
  }
  return text;
}

std::string write_role(const RoleDefinition& role) {
  return write_record(role_fields(), role);
}

std::string write_subagent(const Subagent& subagent) {
  return write_record(subagent_fields(), subagent);
}

}  // namespace changeling
