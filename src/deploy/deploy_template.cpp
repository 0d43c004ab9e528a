#include "deploy/deploy_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "support/embedded_file.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {

std::span<const EmbeddedFile> embedded_deploy_templates();

namespace deploy {
namespace {

constexpr std::string_view begin_of_part = "# if ";
constexpr std::string_view end_of_part = "# end";

}  // namespace

std::string fill(std::string_view text, const TemplateValues& filling) {
  std::string kept;
  bool inside = false;
  bool wanted = true;
  for (const std::string& line : split_lines(text)) {
    if (line.starts_with(begin_of_part)) {
      inside = true;
      wanted = filling.parts.contains(line.substr(begin_of_part.size()));
    } else if (line == end_of_part) {
      inside = false;
      wanted = true;
    } else if (wanted) {
      kept += line + "\n";
    }
  }
  if (inside) throw Error(ErrorKind::Internal, "a part of a template has no end");
  return expand_placeholders(kept, filling.values);
}

std::string filled_template(std::string_view name, const TemplateValues& filling) {
  const auto files = embedded_deploy_templates();
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.name == name; });
  if (found == files.end())
    throw Error(ErrorKind::Internal, fmt::format("templates/deploy/{} is not embedded", name));
  return fill(found->content, filling);
}

}  // namespace deploy
}  // namespace changeling
