#include "cli/definition_options.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "changeling/toml_file.hpp"
#include "cli/syntax.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

bool is_list(FieldKind kind) {
  return kind == FieldKind::TextList || kind == FieldKind::TextMap;
}

bool concerns_several_runs(std::string_view key) {
  constexpr std::array keys{"description",  "template", "schedule", "timezone", "on",
                            "max_open_prs", "overlap",  "catch_up", "enabled"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string help_of(const FieldSpec& field) {
  if (field.choices.empty()) return std::string(field.help);
  std::vector<std::string> choices(field.choices.begin(), field.choices.end());
  return fmt::format("{} ({})", field.help, join(choices, "|"));
}

}  // namespace

void DefinitionOptions::declare(Syntax& syntax, Scope scope) {
  for (const FieldSpec& field : definition_fields()) {
    if (field.option.empty() || (scope == Scope::OneRun && concerns_several_runs(field.key))) continue;
    const std::string key(field.key);
    const std::string name(field.option);
    if (field.kind == FieldKind::Boolean) {
      flags_.emplace(key, syntax.on_or_off(name, std::string(field.help)));
      continue;
    }
    Option option = is_list(field.kind) ? syntax.repeatable("--" + name, words_[key], help_of(field))
                                        : syntax.single("--" + name, words_[key], help_of(field));
    option.value_name(std::string(field.value_name));
  }
  syntax.value("--prompt-file", prompt_file_, "Read the prompt from a file, '-' for standard input")
      .value_name("FILE");
}

Layer DefinitionOptions::layer() const {
  Layer layer;
  layer.origin = "command line";
  for (const auto& [key, words] : words_) {
    if (!words.empty()) layer.values[key] = parse_option_value(*find_field(key), words);
  }
  for (const auto& [key, flag] : flags_) {
    if (!flag.given()) continue;
    const std::vector<std::string> words =
        flag.is_on() ? std::vector<std::string>{} : std::vector<std::string>{"false"};
    layer.values[key] = parse_option_value(*find_field(key), words);
  }
  if (!prompt_file_.empty()) {
    if (layer.values.contains("prompt")) {
      throw Error(ErrorKind::Usage, "--prompt and --prompt-file exclude each other");
    }
    const std::string text = read_file(prompt_file_ == "-" ? "/dev/stdin" : prompt_file_);
    layer.values["prompt"] = parse_option_value(*find_field("prompt"), {text});
  }
  return layer;
}

void check_given_name(const std::string& name) {
  try {
    check_changeling_name(name);
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, error.what(), error.hint());
  }
}

}  // namespace changeling::cli
