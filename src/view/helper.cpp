#include "view/helper.hpp"

#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::view {
namespace {

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json head_of(const project::Helper<Skill>& skill) {
  return {{"name", skill.record.name},
          {"description", valid_utf8(skill_description(skill.record))},
          {"files", Json::array()},
          {"source", skill.source}};
}

}  // namespace

Json to_json(const project::Helper<Subagent>& helper) {
  const Subagent& subagent = helper.record;
  return {{"name", subagent.name},
          {"description", subagent.description},
          {"instructions", subagent.instructions},
          {"agent", text_or_null(subagent.agent)},
          {"working_directory", text_or_null(subagent.working_directory)},
          {"permissions", subagent.permissions},
          {"skills", subagent.skills},
          {"source", helper.source}};
}

Json to_json(const project::Helper<Skill>& skill) {
  Json json = head_of(skill);
  for (const auto& [path, content] : skill.record.files)
    json["files"].push_back({{"path", path}, {"bytes", content.size()}});
  return json;
}

Json with_texts(const project::Helper<Skill>& skill) {
  Json json = head_of(skill);
  for (const auto& [path, content] : skill.record.files)
    json["files"].push_back({{"path", path}, {"bytes", content.size()}, {"text", content}});
  return json;
}

}  // namespace changeling::view
