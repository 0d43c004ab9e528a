#include "project/webhook_trust.hpp"

#include <doctest/doctest.h>

using namespace changeling;

namespace {

std::string text_with(const std::map<std::string, std::string>& conditions) {
  store::WebhookRecord webhook;
  webhook.name = "triage";
  webhook.source = "github";
  webhook.task = "{title}";
  webhook.conditions = conditions;
  return project::approval_subject(webhook).text;
}

}  // namespace

TEST_CASE("what a webhook waits for is approved as it is, wherever an equals sign stands") {
  CHECK(text_with({{"/text", "key=deploy"}}) != text_with({{"/text=key", "deploy"}}));
}

TEST_CASE("the text of an approved webhook stays what it was") {
  CHECK(text_with({{"/label/name", "bug"}, {"/n", "3"}}) ==
        "conditions:\n  - /label/name=bug\n  - /n=3\nsource:\n  - github\ntask:\n  - {title}\n");
}
