#include "cli/definition_options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

bool is_list(FieldKind kind) { return kind == FieldKind::TextList || kind == FieldKind::TextMap; }

std::string help_of(const FieldSpec& field) {
  if (field.choices.empty()) return std::string(field.help);
  std::vector<std::string> choices(field.choices.begin(), field.choices.end());
  return fmt::format("{} ({})", field.help, join(choices, "|"));
}

}  // namespace

void DefinitionOptions::declare(CLI::App& app) {
  for (const FieldSpec& field : definition_fields()) {
    if (field.option.empty() || field.kind == FieldKind::Boolean) continue;
    CLI::Option* option =
        app.add_option("--" + std::string(field.option), words_[std::string(field.key)], help_of(field));
    option->type_name(std::string(field.value_name));
    if (is_list(field.kind)) {
      option->expected(1, -1);
    } else {
      option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
  }
  app.add_option("--prompt-file", prompt_file_, "Read the prompt from a file, '-' for standard input")->type_name("FILE");
  app.add_flag("--draft,!--no-draft", [this](std::int64_t count) { (count > 0 ? draft_ : no_draft_) = true; },
               "Open pull requests as drafts");
  app.add_flag_callback("--draft-on-failure", [this] { words_["draft_on_failure"] = {"true"}; },
                        "Open a draft although verification failed");
  app.add_flag("--disabled", disabled_, "Neither schedules nor events start it");
  app.add_flag("--enabled", enabled_, "Take --disabled back");
}

bool DefinitionOptions::empty() const { return layer().values.empty(); }

Layer DefinitionOptions::layer() const {
  Layer layer;
  layer.origin = "command line";
  for (const auto& [key, words] : words_) {
    if (words.empty()) continue;
    const FieldSpec* field = find_field(key);
    layer.values[key] = parse_option_value(*field, words);
  }
  if (!prompt_file_.empty()) {
    if (layer.values.contains("prompt")) {
      throw Error(ErrorKind::Usage, "--prompt and --prompt-file exclude each other");
    }
    const std::string text = read_file(prompt_file_ == "-" ? "/dev/stdin" : prompt_file_);
    layer.values["prompt"] = parse_option_value(*find_field("prompt"), {text});
  }
  if (draft_ || no_draft_) layer.values["draft"] = draft_;
  if (enabled_ && disabled_) throw Error(ErrorKind::Usage, "--enabled and --disabled exclude each other");
  if (enabled_ || disabled_) layer.values["enabled"] = enabled_;
  return layer;
}

}  // namespace changeling::cli
