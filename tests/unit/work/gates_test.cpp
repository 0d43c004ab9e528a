#include "work/gates.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../open_project.hpp"

using namespace changeling;
using namespace changeling::work;

namespace {

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  std::string add(const std::vector<std::string>& gates) {
    queue::Task task;
    task.title = "Mend the roof";
    task.status = queue::TaskStatus::Ready;
    for (const std::string& gate : gates) task.gates.push_back(queue::parse_gate(gate));
    return project.tasks().add({task}).front().id;
  }
  std::filesystem::path asked_file() { return project.places().local_folder() / "gates-asked"; }
};

}  // namespace

TEST_CASE("before init there are no gates, and nothing is asked") {
  testing::OpenProject place;
  CHECK_FALSE(open_passed_gates(place.project));
  CHECK(place.messages.empty());
}

TEST_CASE("where no task waits for a check nothing is asked") {
  Place place;
  place.add({});
  place.add({"person"});
  CHECK_FALSE(open_passed_gates(place.project));
  CHECK(place.messages.empty());
}

TEST_CASE("a check that nobody can be asked about keeps its gate closed, and is said with its task") {
  Place place;
  const std::string id = place.add({"check:tests@main"});
  CHECK_FALSE(open_passed_gates(place.project));
  CHECK(place.was_told("the check 'tests' that task " + id + " waits for cannot be asked: "));
  CHECK(place.project.tasks().find(id).gates.front().opened_by.empty());
}

TEST_CASE("after one check that cannot be asked the others are not tried") {
  Place place;
  place.add({"check:tests@main"});
  place.add({"check:lint@main"});
  CHECK_FALSE(open_passed_gates(place.project));
  CHECK(place.messages.size() == 1);
}

TEST_CASE("workers ask once a minute at most, whichever of them") {
  Place place;
  place.add({"check:tests@main"});
  open_passed_gates_sometimes(place.project);
  CHECK(place.messages.size() == 1);
  project::Project other(place.opening());
  open_passed_gates_sometimes(other);
  CHECK(place.messages.size() == 1);
  const auto before = std::filesystem::file_time_type::clock::now() - std::chrono::seconds(61);
  std::filesystem::last_write_time(place.asked_file(), before);
  open_passed_gates_sometimes(other);
  CHECK(place.messages.size() == 2);
}
