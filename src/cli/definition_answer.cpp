#include "cli/definition_answer.hpp"

#include <fmt/format.h>

#include "view/definition.hpp"

namespace changeling::cli {

Answer definition_answer(const project::Written& written, const std::string& what) {
  const Definition& definition = written.resolved.definition;
  Json json = view::to_json(definition);
  json["trusted"] = written.trusted;
  return {json, fmt::format("{} {}\n", what, definition.name), 0};
}

}  // namespace changeling::cli
