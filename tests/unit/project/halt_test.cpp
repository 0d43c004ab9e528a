#include "project/halt.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../open_project.hpp"
#include "store/halt_record.hpp"

using namespace changeling;
using project::Halt;

namespace {

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  /// As another process sees it.
  std::optional<Halt> find() {
    project::Project other(opening());
    return project::find_halt(other.repository(), other.places(), other.snapshot());
  }
  void write_file(const std::string& note) { std::ofstream(project.places().halt_file()) << note; }
};

bool says(const std::optional<Halt>& halt, const std::string& part) {
  return halt && halt->reason.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("nothing is switched off at first") {
  Place place;
  CHECK_FALSE(place.find().has_value());
}

TEST_CASE("what is switched off says who did it, why, and how to undo it") {
  Place place;
  const auto halt = project::switch_off(place.project, "the network is down");
  REQUIRE(halt.has_value());
  CHECK(says(halt, "Tester <tester@example.com>"));
  CHECK(says(halt, ": the network is down"));
  CHECK(halt->undo == "git changeling enable --all");
  CHECK(says(place.find(), "the network is down"));
}

TEST_CASE("a halt needs no reason") {
  Place place;
  const auto halt = project::switch_off(place.project, "");
  REQUIRE(halt.has_value());
  CHECK_FALSE(halt->reason.ends_with(": "));
}

TEST_CASE("switching on takes a halt back, and changes nothing where there is none") {
  Place place;
  project::switch_off(place.project, "");
  CHECK_FALSE(project::switch_on(place.project).has_value());
  CHECK_FALSE(place.find().has_value());
  const auto commit = place.project.snapshot().commit();
  CHECK_FALSE(project::switch_on(place.project).has_value());
  CHECK(place.project.snapshot().commit() == commit);
}

TEST_CASE("a file in the git folder switches off, with its note as the reason") {
  Place place;
  place.write_file("  vacation\n");
  const auto halt = place.find();
  CHECK(says(halt, ": vacation"));
  REQUIRE(halt.has_value());
  CHECK(halt->undo == "rm '" + place.project.places().halt_file().string() + "'");
  place.write_file("");
  CHECK(place.find().has_value());
}

TEST_CASE("what is left of a halt after switching on is told") {
  Place place;
  project::switch_off(place.project, "");
  place.write_file("vacation");
  CHECK(says(project::switch_on(place.project), "vacation"));
}

TEST_CASE("git's configuration switches off before anything else is asked") {
  Place place;
  place.write_file("vacation");
  place.place.git("config changeling.disabled true");
  CHECK(says(place.find(), "changeling.disabled"));
  place.place.git("config changeling.disabled false");
  CHECK(says(place.find(), "vacation"));
}

TEST_CASE("a halt that cannot be read is one") {
  Place place;
  place.write_record("halt.json", "{");
  CHECK(says(place.find(), "everything is switched off"));
}
