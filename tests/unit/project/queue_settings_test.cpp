#include "project/queue_settings.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "project/start_limits.hpp"

using namespace changeling;
using project::queue_settings;
using testing::error_of;

namespace {

std::string worker_of(testing::OpenProject& place, const std::map<std::string, std::string>& variables) {
  project::Opening opening = place.opening();
  for (const auto& [name, value] : variables) opening.environment.set(name, value);
  project::Project project(std::move(opening));
  return queue_settings(project).worker;
}

}  // namespace

TEST_CASE("claims last half an hour and are tried three times, unless the configuration says otherwise") {
  testing::OpenProject place;
  CHECK(queue_settings(place.project).lease == std::chrono::minutes(30));
  CHECK(queue_settings(place.project).most_attempts == 3);
  place.place.git("config changeling.lease 5m");
  place.place.git("config changeling.maxAttempts 0");
  project::Project again(place.opening());
  CHECK(queue_settings(again).lease == std::chrono::minutes(5));
  CHECK(queue_settings(again).most_attempts == 0);
}

TEST_CASE("a setting that cannot be used is named") {
  testing::OpenProject place;
  place.place.git("config changeling.lease soon");
  const auto error = error_of([&] { queue_settings(place.project); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::Invalid);
  CHECK(std::string(error->what()).starts_with("changeling.lease: "));
}

TEST_CASE("a worker is called what the environment says, or by user and host") {
  testing::OpenProject place;
  CHECK(worker_of(place, {{"CHANGELING_WORKER", "robot"}, {"USER", "ada"}}) == "robot");
  CHECK(worker_of(place, {{"USER", "ada"}}).starts_with("ada@"));
  CHECK(worker_of(place, {{"LOGNAME", "bob"}, {"USER", "ada"}}).starts_with("bob@"));
  CHECK(worker_of(place, {{"CHANGELING_WORKER", ""}, {"USER", "ada"}}).starts_with("ada@"));
  CHECK_FALSE(worker_of(place, {}).starts_with("@"));
}

TEST_CASE("a lease on the command line is a duration of a second at least") {
  CHECK(project::parse_lease("1s") == std::chrono::seconds(1));
  CHECK(project::parse_lease("1h30m") == std::chrono::minutes(90));
  for (const char* text : {"999ms", "0s", "soon", ""}) {
    INFO(text);
    const auto error = error_of([&] { project::parse_lease(text); });
    REQUIRE(error.has_value());
    CHECK(error->kind() == ErrorKind::Usage);
    CHECK(std::string(error->what()).starts_with("--lease: "));
  }
}

TEST_CASE("without settings there are no caps, and a pause of an hour after failures") {
  testing::OpenProject place;
  const project::StartLimits limits = project::start_limits(place.project.repository());
  CHECK_FALSE(limits.caps.repository_day.has_value());
  CHECK_FALSE(limits.caps.repository_month.has_value());
  CHECK(limits.first_pause == std::chrono::hours(1));
}

TEST_CASE("caps and the pause are what the configuration says") {
  testing::OpenProject place;
  place.place.git("config changeling.dailyBudget 2.5");
  place.place.git("config changeling.monthlyBudget 40");
  place.place.git("config changeling.cooldown 0s");
  const project::StartLimits limits = project::start_limits(place.project.repository());
  CHECK(limits.caps.repository_day == 2.5);
  CHECK(limits.caps.repository_month == 40.0);
  CHECK(limits.first_pause == Duration(0));
}

TEST_CASE("a cap that is no amount of money is named") {
  testing::OpenProject place;
  place.place.git("config changeling.dailyBudget much");
  const auto error = error_of([&] { project::start_limits(place.project.repository()); });
  REQUIRE(error.has_value());
  CHECK(std::string(error->what()).starts_with("changeling.dailyBudget: "));
}
