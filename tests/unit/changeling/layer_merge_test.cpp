#include "changeling/layer_merge.hpp"

#include <doctest/doctest.h>

using namespace changeling;

namespace {

Layer layer(std::map<std::string, FieldValue> values) {
  Layer made;
  made.values = std::move(values);
  return made;
}

FieldValue text(const char* words) {
  return std::string(words);
}

}  // namespace

TEST_CASE("every field is as whoever changed it left it") {
  const Layer base = layer({{"agent", text("claude")}, {"description", text("old")}, {"model", text("a")}});
  const Layer ours = layer({{"agent", text("claude")}, {"description", text("mine")}, {"model", text("a")}});
  const Layer theirs =
      layer({{"description", text("old")}, {"model", text("b")}, {"schedule", text("@daily")}});
  const LayerMerge result = merge_layers(base, ours, theirs);
  CHECK(result.conflicts.empty());
  CHECK(result.merged.values ==
        layer({{"description", text("mine")}, {"model", text("b")}, {"schedule", text("@daily")}}).values);
}

TEST_CASE("a field that both changed is a conflict, unless to the same") {
  const Layer base = layer({{"description", text("old")}, {"model", text("a")}, {"agent", text("claude")}});
  const Layer ours = layer({{"description", text("mine")}, {"model", text("b")}});
  const Layer theirs =
      layer({{"description", text("theirs")}, {"model", text("b")}, {"agent", text("mine")}});
  const LayerMerge result = merge_layers(base, ours, theirs);
  CHECK(result.conflicts == std::vector<std::string>{"agent", "description"});
  CHECK(result.merged.values.at("description") == text("mine"));
  CHECK_FALSE(result.merged.values.contains("agent"));
}
