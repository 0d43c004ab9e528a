#include <map>

#include "changeling/toml_file.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "store/records.hpp"

namespace changeling::store {
namespace {

/// Key by key, where a key that both changed is the published one's: definitions carry no time of writing.
template <typename Value>
std::map<std::string, Value> merge_keys(const std::map<std::string, Value>& base,
                                        const std::map<std::string, Value>& ours,
                                        const std::map<std::string, Value>& published) {
  const auto value_in = [](const std::map<std::string, Value>& from, const std::string& key) {
    const auto found = from.find(key);
    return found == from.end() ? std::optional<Value>() : std::optional<Value>(found->second);
  };
  std::map<std::string, Value> merged = published;
  std::map<std::string, Value> candidates = ours;
  candidates.insert(base.begin(), base.end());
  for (const auto& [key, unused] : candidates) {
    const auto known = value_in(base, key);
    const auto mine = value_in(ours, key);
    if (mine == known || value_in(published, key) != known) continue;
    if (mine) {
      merged[key] = *mine;
    } else {
      merged.erase(key);
    }
  }
  return merged;
}

void check(const std::string& text, std::string_view path) {
  parse_definition(text, std::string(path), "state");
}

std::string merge(const RecordVersions& versions, std::string_view path) {
  const auto layer = [&](const std::optional<std::string>& text) {
    return text ? parse_definition(*text, std::string(path), "state") : Layer{};
  };
  Layer merged = layer(versions.published);
  merged.values = merge_keys(layer(versions.base).values, layer(versions.ours).values, merged.values);
  return changeling::write_definition(merged);
}

}  // namespace

const RecordKind definition_kind{.folder = definitions_folder,
                                 .spread = Spread::Flat,
                                 .layout = "changelings/NAME.toml",
                                 .name = "a changeling",
                                 .sentence = "A definition, see [configuration.md](configuration.md)",
                                 .id_at = changeling_of,
                                 .check = check,
                                 .merge = merge};

}  // namespace changeling::store
