#include "store/record_kinds.hpp"
#include "store/skill_records.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

void check(const std::string& text, std::string_view path) {
  static_cast<void>(skill_from_json(parse_json(text, path), skill_of(path).value_or(""), path));
}

}  // namespace

/// Its files belong together: the published one stays as a whole.
const RecordKind skill_kind{
    .folder = skills_folder,
    .spread = Spread::Flat,
    .layout = "skills/NAME.json",
    .name = "a skill",
    .sentence = "A skill with all its files, see [agents-and-skills.md](agents-and-skills.md)",
    .id_at = skill_of,
    .check = check};

}  // namespace changeling::store
