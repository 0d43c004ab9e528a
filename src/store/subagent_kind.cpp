#include "changeling/record_fields.hpp"
#include "changeling/toml_file.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "store/subagent_records.hpp"

namespace changeling::store {
namespace {

Subagent parsed(const std::string& text, std::string_view path) {
  return parse_subagent(text, std::string(path), subagent_of(path).value_or(""));
}

void check(const std::string& text, std::string_view path) {
  static_cast<void>(parsed(text, path));
}

std::string merge(const RecordVersions& versions, std::string_view path) {
  const auto subagent = [&](const std::optional<std::string>& text) {
    return text ? parsed(*text, path) : Subagent{};
  };
  const Subagent base = subagent(versions.base);
  const Subagent ours = subagent(versions.ours);
  Subagent merged = subagent(versions.published);
  for (const auto& field : subagent_fields()) {
    if (field.read(merged) == field.read(base)) field.apply(field.read(ours), merged);
  }
  return changeling::write_subagent(merged);
}

}  // namespace

const RecordKind subagent_kind{.folder = subagents_folder,
                               .spread = Spread::Flat,
                               .layout = "agents/NAME.toml",
                               .name = "a sub-agent",
                               .sentence = "A sub-agent, see [agents-and-skills.md](agents-and-skills.md)",
                               .id_at = subagent_of,
                               .check = check,
                               .merge = merge};

}  // namespace changeling::store
