#include <doctest/doctest.h>

#include "../temporary_repository.hpp"
#include "open_store.hpp"
#include "store/records.hpp"

using namespace changeling;
using namespace changeling::testing;

namespace {

store::PullRequestRecord pull(std::int64_t number) {
  store::PullRequestRecord record;
  record.number = number;
  record.branch = "changelings/sprite/r" + std::to_string(number);
  return record;
}

void write(store::Store& store, const std::vector<std::int64_t>& numbers) {
  store.update({"pull requests", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    for (const std::int64_t number : numbers) store::write_pull_request(change, pull(number));
  });
}

}  // namespace

TEST_CASE("the folder of a pull request never holds more than a thousand") {
  CHECK(store::pull_request_path(1) == "pulls/1.json");
  CHECK(store::pull_request_path(999) == "pulls/999.json");
  CHECK(store::pull_request_path(1000) == "pulls/1/1000.json");
  CHECK(store::pull_request_path(1999) == "pulls/1/1999.json");
  CHECK(store::pull_request_path(12345) == "pulls/12/12345.json");
}

TEST_CASE("a path tells the number only of a record that lies where it belongs") {
  for (const std::int64_t number : {1, 999, 1000, 12345})
    CHECK(store::pull_request_number_of(store::pull_request_path(number)) == number);
  for (const char* wrong : {"pulls/1000.json", "pulls/1/999.json", "pulls/2/1000.json", "pulls/0/1.json",
                            "pulls/1/1/1000.json", "pulls/x.json", "pulls/1"})
    CHECK_FALSE(store::pull_request_number_of(wrong));
}

TEST_CASE("pull requests of all folders are listed in their order, and counted on") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  write(open.store, {2, 1001, 999, 3000});
  store::DamagedRecords damaged;
  std::vector<std::int64_t> numbers;
  for (const auto& record : store::read_pull_requests(open.store.snapshot(), &damaged))
    numbers.push_back(record.number);
  CHECK(numbers == std::vector<std::int64_t>{2, 999, 1001, 3000});
  CHECK(damaged.empty());
  CHECK(store::next_pull_request_number(open.store.snapshot()) == 3001);
  CHECK(store::read_pull_request(open.store.snapshot(), 1001)->branch == "changelings/sprite/r1001");
}
