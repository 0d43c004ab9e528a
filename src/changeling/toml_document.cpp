#include "changeling/toml_document.hpp"

#include <fmt/format.h>
// Its assertions would end the program at some malformed files, which it refuses well without them, as Debian
// builds it.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include <algorithm>
#include <tuple>

#include "changeling/toml_depth.hpp"
#include "support/error.hpp"
#include "support/reading_limits.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

class Converter {
 public:
  explicit Converter(const std::string& file_name) : file_name_(file_name) {}

  SourceLocation location(const toml::source_region& region) const {
    return {file_name_, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
  }

  TomlNode convert(const toml::node& node) const {
    TomlNode result{location(node.source()), TomlDate{}};
    if (const auto* text = node.as_string()) {
      result.value = text->get();
    } else if (const auto* boolean = node.as_boolean()) {
      result.value = boolean->get();
    } else if (const auto* integer = node.as_integer()) {
      result.value = integer->get();
    } else if (const auto* number = node.as_floating_point()) {
      result.value = number->get();
    } else if (const auto* list = node.as_array()) {
      TomlNode::List items;
      for (const toml::node& item : *list) items.push_back(convert(item));
      result.value = std::move(items);
    } else if (const auto* table = node.as_table()) {
      result.value = convert_entries(*table);
    }
    return result;
  }

 private:
  TomlNode::Table convert_entries(const toml::table& table) const {
    TomlNode::Table entries;
    for (const auto& [key, node] : table) {
      entries.push_back({std::string(key.str()), location(key.source()), convert(node)});
    }
    // toml++ sorts by key; the first mistake of a file is the one nearest to its beginning.
    std::stable_sort(entries.begin(), entries.end(), [](const TomlEntry& one, const TomlEntry& other) {
      return std::tie(one.key_location.line, one.key_location.column) <
             std::tie(other.key_location.line, other.key_location.column);
    });
    return entries;
  }

  const std::string& file_name_;
};

template <typename Type>
const Type& expect(const TomlNode& node, std::string_view path, std::string_view wanted) {
  const Type* const value = std::get_if<Type>(&node.value);
  if (value == nullptr) {
    refuse_at(node.location, path, fmt::format("must be {}, not {}", wanted, describe_type(node)));
  }
  return *value;
}

}  // namespace

TomlNode parse_toml(std::string_view text, const std::string& file_name) {
  const Converter converter(file_name);
  if (text.size() > most_record_bytes)
    throw Error(ErrorKind::Invalid,
                fmt::format("{}: it is larger than {} bytes", file_name, most_record_bytes));
  if (toml_depth(text) > most_toml_depth)
    throw Error(ErrorKind::Invalid,
                fmt::format("{}: its tables lie more than {} deep", file_name, most_toml_depth));
  try {
    const toml::table table = toml::parse(text);
    TomlNode root = converter.convert(table);
    root.location = {file_name, 1, 1};
    return root;
  } catch (const toml::parse_error& error) {
    throw Error(
        ErrorKind::Invalid,
        fmt::format("{}: not TOML: {}", converter.location(error.source()).describe(), error.description()));
  }
}

std::string_view describe_type(const TomlNode& node) {
  switch (node.value.index()) {
    case 0:
      return "a string";
    case 1:
      return "true or false";
    case 2:
      return "an integer";
    case 3:
      return "a number";
    case 4:
      return "a date or time";
    case 5:
      return "a list";
    default:
      return "a table";
  }
}

void refuse_at(const SourceLocation& location, std::string_view path, std::string_view problem,
               std::string hint) {
  throw Error(ErrorKind::Invalid, fmt::format("{}: {}: {}", location.describe(), path, problem),
              std::move(hint));
}

const std::string& expect_text(const TomlNode& node, std::string_view path) {
  return expect<std::string>(node, path, "a string");
}

bool expect_boolean(const TomlNode& node, std::string_view path) {
  return expect<bool>(node, path, "true or false");
}

const TomlNode::Table& expect_table(const TomlNode& node, std::string_view path) {
  return expect<TomlNode::Table>(node, path, "a table");
}

std::vector<std::string> expect_text_list(const TomlNode& node, std::string_view path) {
  std::vector<std::string> items;
  for (const TomlNode& item :
       expect<TomlNode::List>(node, path, "a list of strings such as [\"a\", \"b\"]")) {
    items.push_back(expect<std::string>(item, path, "a list of strings"));
  }
  return items;
}

std::map<std::string, std::string> expect_text_map(const TomlNode& node, std::string_view path) {
  std::map<std::string, std::string> map;
  for (const TomlEntry& entry :
       expect<TomlNode::Table>(node, path, "a table of strings such as { NAME = \"value\" }")) {
    map[entry.key] = expect_text(entry.node, fmt::format("{}.{}", path, entry.key));
  }
  return map;
}

void refuse_unknown_key(const TomlEntry& entry, std::string_view path,
                        const std::vector<std::string>& allowed, std::string hint) {
  if (hint.empty()) {
    if (const auto near = nearest(entry.key, allowed)) hint = fmt::format("did you mean \"{}\"?", *near);
  }
  const std::string full = path.empty() ? entry.key : fmt::format("{}.{}", path, entry.key);
  refuse_at(entry.key_location, full, fmt::format("unknown key; allowed are {}", join(allowed, ", ")),
            std::move(hint));
}

}  // namespace changeling
