#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/definitions.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::cli {
namespace {

/// Templates need no repository; in one, its own come first.
std::vector<Template> repository_templates(Context& context) {
  try {
    context.repository();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::NotFound) return {};
    throw;
  }
  return project::DefinitionSet::load(context, project::FileReading::WorkTree, project::FileMistake::Said)
      .templates();
}

std::string text_value(const Layer& layer, const std::string& key) {
  const auto found = layer.values.find(key);
  if (found == layer.values.end()) return "";
  const auto* text = std::get_if<std::string>(&found->second);
  return text == nullptr ? "" : *text;
}

Answer list(Context& context) {
  struct Entry {
    std::string description;
    std::string source;
  };
  std::map<std::string, Entry> all;
  for (const std::string& name : builtin_template_names())
    all.insert_or_assign(name, Entry{describe_builtin_template(name), "built-in"});
  for (const Template& one : repository_templates(context)) {
    all.insert_or_assign(
        one.name, Entry{text_value(one.layer, "description"), std::string(project::definitions_file_name)});
  }
  Answer answer;
  answer.json = {{"templates", Json::array()}};
  std::vector<std::vector<TableCell>> rows;
  for (const auto& [name, entry] : all) {
    answer.json["templates"].push_back(
        {{"name", name}, {"description", entry.description}, {"source", entry.source}});
    rows.push_back({{name, Style::Bold}, {entry.description}});
  }
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  return answer;
}

Answer show(Context& context, const std::string& name) {
  const auto own = repository_templates(context);
  const Template& found = find_template(name, own);
  Json values = Json::object();
  for (const auto& [key, value] : found.layer.values) {
    values[key] = std::visit([](const auto& content) { return Json(content); }, value);
  }
  return {{{"name", found.name}, {"values", values}, {"toml", found.text}}, found.text, 0};
}

struct ExportOptions {
  std::string name;
  std::string file;
};

Answer export_template(Context& context, const ExportOptions& options) {
  const auto own = repository_templates(context);
  const Template& found = find_template(options.name, own);
  const std::filesystem::path file = options.file.empty() ? found.name + ".toml" : options.file;
  if (std::filesystem::exists(file)) {
    throw Error(ErrorKind::Conflict, fmt::format("{} is there already", file.string()),
                "choose another file: -o FILE");
  }
  write_file(file, found.text);
  return {{{"name", found.name}, {"file", file.string()}}, fmt::format("Wrote {}\n", file.string()), 0};
}

}  // namespace

CommandSpec templates_list_command() {
  return {"templates list", "List templates", "Built-in ones and those of .changelings.toml.",
          [](Syntax&) -> Action { return list; }, Needs::Nothing};
}

CommandSpec templates_show_command() {
  return {"templates show", "Print a template as TOML", "",
          [](Syntax& syntax) -> Action {
            auto name = std::make_shared<std::string>();
            syntax.value("name", *name, "Name of the template").value_name("NAME").required();
            return [name](Context& context) { return show(context, *name); };
          },
          Needs::Nothing};
}

CommandSpec templates_export_command() {
  return {
      "templates export", "Write a template to a file, to make your own from it",
      "Put its content under [templates.NAME] in .changelings.toml to use it.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ExportOptions>();
        syntax.value("name", options->name, "Name of the template").value_name("NAME").required();
        syntax.value("-o,--output", options->file, "File to write (default: NAME.toml)").value_name("FILE");
        return [options](Context& context) { return export_template(context, *options); };
      },
      Needs::Nothing};
}

}  // namespace changeling::cli
