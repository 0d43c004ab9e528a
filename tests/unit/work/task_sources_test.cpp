#include "work/task_sources.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"

using namespace changeling;
using namespace changeling::work;
using testing::error_of;

namespace {

const QueueTerms terms{std::chrono::minutes(10), 3};

}  // namespace

TEST_CASE("the queue is made by its word, and gives its tasks under the terms of the order") {
  testing::OpenProject place;
  place.project.store().initialize();
  queue::Task task;
  task.title = "Mend the roof";
  task.status = queue::TaskStatus::Ready;
  const std::string id = place.project.tasks().add({task}).front().id;
  const auto source = make_source(place.project, "queue", terms);
  CHECK(is_own_queue(*source));
  const auto claimed = source->claim({}, "ada");
  REQUIRE(std::holds_alternative<SourcedClaim>(claimed));
  const queue::Task now = place.project.tasks().find(id);
  REQUIRE(now.lease.has_value());
  CHECK(now.lease->owner == "ada");
  const Duration left = now.lease->expires_at - place.project.clock().now();
  CHECK(left <= std::chrono::minutes(10));
  CHECK(left > std::chrono::minutes(5));
}

TEST_CASE("beads are made by their word, and are not the own queue") {
  testing::OpenProject place;
  const auto source = make_source(place.project, "beads", terms);
  CHECK(source->name() == "beads");
  CHECK_FALSE(is_own_queue(*source));
}

TEST_CASE("GitHub without a remote there is refused") {
  testing::OpenProject place;
  const auto error = error_of([&] { make_source(place.project, "github", terms); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::Refused);
}

TEST_CASE("a word that is no source is answered with the nearest one") {
  testing::OpenProject place;
  const auto error = error_of([&] { make_source(place.project, "queu", terms); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::Usage);
  CHECK(std::string(error->what()).find("--source") != std::string::npos);
  CHECK(error->hint().find("queue") != std::string::npos);
}

TEST_CASE("each source has a word that leads back to it") {
  for (const SourceRow& row : source_kinds) CHECK(parse_source_kind(to_string(row.kind)) == row.kind);
}
