#include "changeling/front_matter.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

constexpr std::string_view fence = "---";

[[noreturn]] void refuse(std::string_view problem) {
  throw Error(
      ErrorKind::Invalid, std::string(problem),
      "it begins with a line \"---\", then \"name: NAME\" and \"description: TEXT\", then a line \"---\"");
}

std::string_view without_line_end(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

/// The lines between the two fences.
std::vector<std::string> front_lines(std::string_view markdown) {
  if (markdown.starts_with("\xEF\xBB\xBF")) markdown.remove_prefix(3);
  const std::vector<std::string> lines = split_lines(markdown);
  if (lines.empty() || trim(lines.front()) != fence) refuse("has no front matter");
  std::vector<std::string> inside;
  for (std::size_t index = 1; index < lines.size(); ++index) {
    const std::string_view line = without_line_end(lines[index]);
    if (line == fence) return inside;
    inside.emplace_back(line);
  }
  refuse("has front matter without an end");
}

bool is_indented(std::string_view line) {
  return line.starts_with(' ') || line.starts_with('\t');
}

/// What stands between double quotes (YAML 1.2, 5.7), as far as people write it.
std::string unescaped(std::string_view inside) {
  std::string text;
  for (std::size_t index = 0; index < inside.size(); ++index) {
    const bool escapes = inside[index] == '\\' && index + 1 < inside.size();
    if (!escapes) {
      text += inside[index];
      continue;
    }
    const char next = inside[++index];
    text += next == 'n' ? '\n' : next == 't' ? '\t' : next;
  }
  return text;
}

std::string without_doubled_quotes(std::string_view inside) {
  std::string text;
  for (std::size_t index = 0; index < inside.size(); ++index) {
    text += inside[index];
    if (inside[index] == '\'' && index + 1 < inside.size() && inside[index + 1] == '\'') ++index;
  }
  return text;
}

std::string_view without_comment(std::string_view value) {
  const std::size_t comment = value.find(" #");
  return trim(comment == std::string_view::npos ? value : value.substr(0, comment));
}

/// A scalar that is no block; what follows it on further lines has been joined.
std::string scalar(std::string_view value) {
  if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
    return unescaped(value.substr(1, value.size() - 2));
  if (value.size() >= 2 && value.starts_with('\'') && value.ends_with('\''))
    return without_doubled_quotes(value.substr(1, value.size() - 2));
  return std::string(without_comment(value));
}

bool is_text(std::string_view value) {
  return !value.empty() && std::string_view("[{&*!-").find(value.front()) == std::string_view::npos;
}

/// Those that belong to the key in line `index`, without their indentation; `index` moves to the last.
std::vector<std::string> lines_below(const std::vector<std::string>& lines, std::size_t& index) {
  std::vector<std::string> below;
  while (index + 1 < lines.size() && (is_indented(lines[index + 1]) || trim(lines[index + 1]).empty()))
    below.emplace_back(trim(lines[++index]));
  return below;
}

/// Nothing for what is no text.
std::optional<std::string> value_of(std::string_view first, std::vector<std::string> below) {
  if (first.starts_with('|') || first.starts_with('>'))
    return std::string(trim(join(below, first.starts_with('|') ? "\n" : " ")));
  if (!is_text(first)) return std::nullopt;
  below.insert(below.begin(), std::string(first));
  return scalar(trim(join(below, " ")));
}

}  // namespace

std::map<std::string, std::string> read_front_matter(std::string_view markdown) {
  const std::vector<std::string> lines = front_lines(markdown);
  std::map<std::string, std::string> values;
  for (std::size_t index = 0; index < lines.size(); ++index) {
    const std::string_view line = lines[index];
    const std::size_t colon = line.find(':');
    if (line.starts_with('#') || is_indented(line) || colon == std::string_view::npos) continue;
    const std::string key(trim(line.substr(0, colon)));
    if (values.contains(key)) refuse(fmt::format("has \"{}\" twice in its front matter", shortened(key)));
    const auto value = value_of(trim(line.substr(colon + 1)), lines_below(lines, index));
    if (value) values[key] = *value;
  }
  return values;
}

std::string yaml_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      quoted += '\\';
      quoted += character;
    } else if (character == '\n') {
      quoted += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      quoted += fmt::format("\\x{:02x}", byte);
    } else {
      quoted += character;
    }
  }
  return quoted + '"';
}

}  // namespace changeling
