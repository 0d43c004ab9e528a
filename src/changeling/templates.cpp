#include "changeling/templates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {

/// Generated from templates/*.toml, see cmake/EmbedFiles.cmake.
std::span<const EmbeddedFile> embedded_templates();

namespace {

std::string name_of(const EmbeddedFile& file) {
  return std::string(file.name.substr(0, file.name.rfind('.')));
}

const EmbeddedFile* find_file(std::string_view name) {
  const auto files = embedded_templates();
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const EmbeddedFile& file) { return name_of(file) == name; });
  return found == files.end() ? nullptr : &*found;
}

Layer read_layer(const EmbeddedFile& file, std::string_view text) {
  return parse_definition(text, fmt::format("templates/{}", file.name), "template " + name_of(file));
}

const Template& read_template(const EmbeddedFile& file) {
  static std::mutex reading;
  static std::map<std::string, Template> read;
  const std::lock_guard guard(reading);
  const std::string name = name_of(file);
  if (const auto known = read.find(name); known != read.end()) return known->second;
  return read.emplace(name, Template{name, std::string(file.content), read_layer(file, file.content)})
      .first->second;
}

}  // namespace

std::vector<std::string> builtin_template_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_templates()) names.push_back(name_of(file));
  return names;
}

std::string describe_builtin_template(std::string_view name) {
  const EmbeddedFile* file = find_file(name);
  if (file == nullptr) return "";
  // It is the first value of each, on one line.
  const auto begin = file->content.find("\ndescription") + 1;
  const auto end = file->content.find('\n', begin);
  return std::get<std::string>(
      read_layer(*file, file->content.substr(begin, end - begin)).values.at("description"));
}

const Template& find_template(std::string_view name, std::span<const Template> repository_templates) {
  for (const Template& candidate : repository_templates) {
    if (candidate.name == name) return candidate;
  }
  if (const EmbeddedFile* file = find_file(name)) return read_template(*file);
  std::vector<std::string> names = builtin_template_names();
  for (const Template& candidate : repository_templates) names.push_back(candidate.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const auto near = nearest(name, names);
  throw Error(ErrorKind::NotFound,
              fmt::format("there is no template \"{}\"; there are {}", name, join(names, ", ")),
              near ? fmt::format("did you mean \"{}\"?", *near)
                   : "\"git changeling templates list\" says what each is for");
}

}  // namespace changeling
