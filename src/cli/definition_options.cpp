#include "cli/definition_options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "changeling/toml_file.hpp"
#include "cli/option_kinds.hpp"
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

void DefinitionOptions::declare(CLI::App& app, Scope scope) {
  for (const FieldSpec& field : definition_fields()) {
    if (field.option.empty() || (scope == Scope::OneRun && concerns_several_runs(field.key))) continue;
    const std::string key(field.key);
    const std::string name(field.option);
    if (field.kind == FieldKind::Boolean) {
      const std::string help(field.help);
      flags_[key] = app.add_flag(fmt::format("--{0},!--no-{0}", name), help);
      continue;
    }
    const auto declare_words = is_list(field.kind) ? repeatable : single;
    declare_words(app, "--" + name, words_[key], help_of(field))->type_name(std::string(field.value_name));
  }
  app.add_option("--prompt-file", prompt_file_, "Read the prompt from a file, '-' for standard input")
      ->type_name("FILE");
}

Layer DefinitionOptions::layer() const {
  Layer layer;
  layer.origin = "command line";
  for (const auto& [key, words] : words_) {
    if (!words.empty()) layer.values[key] = parse_option_value(*find_field(key), words);
  }
  for (const auto& [key, flag] : flags_) {
    if (flag->count() == 0) continue;
    const std::vector<std::string> words =
        flag->as<bool>() ? std::vector<std::string>{} : std::vector<std::string>{"false"};
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

}  // namespace changeling::cli
