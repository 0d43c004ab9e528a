#include "changeling/templates.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {

/// Generated from templates/*.toml, see cmake/EmbedFiles.cmake.
std::span<const EmbeddedFile> embedded_templates();

const std::vector<Template>& builtin_templates() {
  static const std::vector<Template> templates = [] {
    std::vector<Template> parsed;
    for (const EmbeddedFile& file : embedded_templates()) {
      const std::string name(file.name.substr(0, file.name.rfind('.')));
      Template entry;
      entry.name = name;
      entry.text = file.content;
      entry.layer =
          parse_definition(file.content, fmt::format("templates/{}", file.name), "template " + name);
      parsed.push_back(std::move(entry));
    }
    return parsed;
  }();
  return templates;
}

const Template& find_template(std::string_view name, std::span<const Template> repository_templates) {
  std::vector<std::string> names;
  for (const auto& known : {repository_templates, std::span<const Template>(builtin_templates())}) {
    for (const Template& candidate : known) {
      if (candidate.name == name) return candidate;
      names.push_back(candidate.name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const auto near = nearest(name, names);
  throw Error(ErrorKind::NotFound,
              fmt::format("there is no template \"{}\"; there are {}", name, join(names, ", ")),
              near ? fmt::format("did you mean \"{}\"?", *near)
                   : "\"git changeling templates list\" says what each is for");
}

}  // namespace changeling
