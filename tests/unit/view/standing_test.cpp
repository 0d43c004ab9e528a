#include "view/standing.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;
using testing::keys_of;
using State = project::Standing::State;

namespace {

project::Standing standing(State state) {
  project::Standing made;
  made.subject = {ApprovalSubject::Kind::Role, "reviewer", "prompt: Review it.\n"};
  made.state = state;
  made.digest = "d1";
  return made;
}

}  // namespace

TEST_CASE("what was never approved has its text and no difference") {
  const Json json = view::to_json(standing(State::New));
  CHECK(keys_of(json) == "approved_at difference digest kind label name portable_digest state text trusted");
  CHECK(json.at("name") == "reviewer");
  CHECK(json.at("kind") == "role");
  CHECK(json.at("trusted") == false);
  CHECK(json.at("state") == "new");
  CHECK(json.at("digest") == "d1");
  CHECK(json.at("label") == "role:reviewer");
  CHECK(json.at("portable_digest") == portable_digest(standing(State::New).subject));
  CHECK(json.at("approved_at") == nullptr);
  CHECK(json.at("text") == "prompt: Review it.\n");
  CHECK(json.at("difference") == nullptr);
}

TEST_CASE("what was approved says since when") {
  project::Standing trusted = standing(State::Trusted);
  trusted.approval = project::Approval{};
  trusted.approval->approved_at = testing::morning;
  const Json json = view::to_json(trusted);
  CHECK(json.at("trusted") == true);
  CHECK(json.at("state") == "trusted");
  CHECK(json.at("approved_at") == testing::morning_text);
}

TEST_CASE("what has changed since it was approved shows the difference") {
  project::Standing changed = standing(State::Changed);
  changed.approval = project::Approval{};
  changed.approval->text = "prompt: Look at it.\n";
  const Json json = view::to_json(changed);
  CHECK(json.at("state") == "changed");
  CHECK(json.at("trusted") == false);
  const std::string difference = json.at("difference");
  CHECK(difference.find("-prompt: Look at it.") != std::string::npos);
  CHECK(difference.find("+prompt: Review it.") != std::string::npos);
}
