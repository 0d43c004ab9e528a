#include "changeling/layer_merge.hpp"

#include <optional>
#include <set>

namespace changeling {
namespace {

std::optional<FieldValue> value_of(const Layer& layer, const std::string& key) {
  const auto found = layer.values.find(key);
  return found == layer.values.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

LayerMerge merge_layers(const Layer& base, const Layer& ours, const Layer& theirs) {
  LayerMerge result;
  result.merged = ours;
  std::set<std::string> keys;
  for (const Layer* layer : {&base, &ours, &theirs}) {
    for (const auto& [key, value] : layer->values) keys.insert(key);
  }
  for (const std::string& key : keys) {
    const auto before = value_of(base, key);
    const auto own = value_of(ours, key);
    const auto other = value_of(theirs, key);
    if (other == before || other == own) continue;
    if (own != before) {
      result.conflicts.push_back(key);
    } else if (other) {
      result.merged.values[key] = *other;
    } else {
      result.merged.values.erase(key);
    }
  }
  return result;
}

}  // namespace changeling
