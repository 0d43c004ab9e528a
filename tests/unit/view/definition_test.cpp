#include "view/definition.hpp"

#include <doctest/doctest.h>

#include "changeling/fields.hpp"
#include "keys.hpp"

using namespace changeling;

namespace {

Definition sprite() {
  Definition definition;
  definition.name = "sprite";
  definition.schedule = "0 3 * * *";
  definition.triggers = {"post-merge", "post-rewrite"};
  definition.environment = {{"A", "1"}, {"B", "2"}};
  definition.timeout = std::chrono::minutes(90);
  definition.budget_usd = 1.5;
  definition.max_open_prs = 3;
  definition.catch_up = CatchUpPolicy::All;
  return definition;
}

}  // namespace

TEST_CASE("a definition has its name and every field, under the keys of TOML") {
  const Json json = view::to_json(sprite());
  CHECK(json.size() == definition_fields().size() + 1);
  CHECK(json.at("name") == "sprite");
  for (const FieldSpec& field : definition_fields()) {
    INFO(field.key);
    CHECK(json.contains(std::string(field.key)));
  }
}

TEST_CASE("the values of a definition are of their own kinds, and durations are text") {
  const Json json = view::to_json(sprite());
  CHECK(json.at("schedule") == "0 3 * * *");
  CHECK(json.at("on") == Json{"post-merge", "post-rewrite"});
  CHECK(json.at("env") == Json{{"A", "1"}, {"B", "2"}});
  CHECK(json.at("timeout") == "1h30m");
  CHECK(json.at("budget") == 1.5);
  CHECK(json.at("max_open_prs") == 3);
  CHECK(json.at("catch_up") == "all");
  CHECK(json.at("enabled") == true);
}

TEST_CASE("people read lists with commas, maps as pairs, and texts as they are") {
  const Json json = view::to_json(sprite());
  CHECK(view::field_text(json.at("schedule")) == "0 3 * * *");
  CHECK(view::field_text(json.at("on")) == "post-merge, post-rewrite");
  CHECK(view::field_text(json.at("env")) == "A=1, B=2");
  CHECK(view::field_text(json.at("max_open_prs")) == "3");
  CHECK(view::field_text(json.at("draft")) == "false");
}
