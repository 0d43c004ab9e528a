#include "forge/local.hpp"

#include <doctest/doctest.h>

#include "local_fixture.hpp"
#include "store/sqlite.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::forge;
using changeling::testing::LocalFixture;

TEST_CASE_FIXTURE(LocalFixture, "numbers rise, and a branch with an open one is updated") {
  const PullRequest first = forge.open(proposal("a/1"), warnings);
  const PullRequest second = forge.open(proposal("a/2"), warnings);
  CHECK(first.number == 1);
  CHECK(first.url == "local:1");
  CHECK(first.state == "open");
  CHECK(second.number == 2);
  Proposal again = proposal("a/1");
  again.title = "Better";
  again.head = std::string(40, 'c');
  CHECK(forge.open(again, warnings).number == 1);
  CHECK(forge.find(1)->title == "Better");
  CHECK(forge.find(1)->head == std::string(40, 'c'));
  CHECK(forge.open_pull_requests().size() == 2);
  CHECK_FALSE(forge.find(3));
}

TEST_CASE_FIXTURE(LocalFixture, "a closed one stays closed and its number is not used again") {
  forge.open(proposal("a/1"), warnings);
  forge.close(1, "not wanted");
  CHECK_THROWS_WITH_AS(forge.close(1, "said later"), "#1 is rejected already: not wanted", Error);
  const auto record = *store::read_pull_request(store.snapshot(), 1);
  CHECK(record.close_reason == "not wanted");
  CHECK(record.closed_by == "Tester <tester@example.com>");
  CHECK(forge.find(1)->state == "closed");
  CHECK(forge.open(proposal("a/1"), warnings).number == 2);
  CHECK_THROWS_AS(forge.update(1, proposal("a/1"), warnings), Error);
  CHECK_THROWS_AS(forge.update(9, proposal("a/1"), warnings), Error);
  CHECK_THROWS_AS(forge.close(9, ""), Error);
}

TEST_CASE_FIXTURE(LocalFixture, "updating replaces title and head") {
  forge.open(proposal("a/1"), warnings);
  Proposal later = proposal("a/1");
  later.title = "Second attempt";
  later.run = "r2";
  CHECK(forge.update(1, later, warnings).title == "Second attempt");
  CHECK(store::read_pull_request(store.snapshot(), 1)->run == "r2");
}

TEST_CASE_FIXTURE(LocalFixture, "the list shows open ones by number, then the newest others") {
  for (const char* branch : {"a/1", "a/2", "a/3", "a/4", "a/5"}) forge.open(proposal(branch), warnings);
  for (const int number : {1, 3, 4}) forge.close(number, "");
  std::vector<std::int64_t> numbers;
  for (const PullRequest& pull : forge.list(2)) numbers.push_back(pull.number);
  CHECK(numbers == std::vector<std::int64_t>{2, 5, 4, 3});
}

TEST_CASE_FIXTURE(LocalFixture, "rejected changes are remembered per changeling") {
  Proposal one = proposal("a/1");
  one.patch_id = "p1";
  Proposal other = proposal("b/1");
  other.changeling = "other";
  other.patch_id = "p2";
  forge.open(one, warnings);
  forge.open(other, warnings);
  CHECK(forge.rejected_patch_ids("typo-sprite").empty());
  forge.close(1, "");
  forge.close(2, "");
  CHECK(forge.rejected_patch_ids("typo-sprite") == std::vector<std::string>{"p1"});
}

TEST_CASE_FIXTURE(LocalFixture, "open ones are found by changeling, branch and head") {
  Proposal other = proposal("b/1");
  other.changeling = "other";
  other.head = std::string(40, 'b');
  forge.open(proposal("a/1"), warnings);
  forge.open(other, warnings);
  forge.open(proposal("a/2"), warnings);
  forge.close(3, "");
  const auto found = [&](const store::OpenRequestQuery& query) {
    std::vector<std::int64_t> numbers;
    for (const PullRequest& pull : forge.find_open(query)) numbers.push_back(pull.number);
    CHECK(forge.Forge::find_open(query).size() == numbers.size());
    return numbers;
  };
  using Numbers = std::vector<std::int64_t>;
  CHECK(found({"typo-sprite", {}, ""}) == Numbers{1});
  CHECK(found({"", {"a/2", "b/1"}, ""}) == Numbers{2});
  CHECK(found({"", {}, std::string(40, 'b')}) == Numbers{2});
  CHECK(found({"typo-sprite", {"b/1"}, ""}) == Numbers{});
  CHECK(found({}) == Numbers{1, 2});
}

TEST_CASE_FIXTURE(LocalFixture, "an index that knows too little takes no number that is in use") {
  forge.open(proposal("a/1"), warnings);
  index.follow();
  store::Database(repository_files.path() / ".git" / "changelings" / "index.sqlite", std::chrono::seconds(1))
      .run("DELETE FROM pulls");
  CHECK(forge.open(proposal("a/2"), warnings).number == 2);
  CHECK(forge.find(1)->branch == "a/1");
}

TEST_CASE_FIXTURE(LocalFixture, "there are no issues") {
  try {
    forge.open_issue("T", "B", {});
    FAIL("filed");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Refused);
  }
}

TEST_CASE_FIXTURE(LocalFixture, "the state stays sound and says who did what") {
  forge.open(proposal("a/1"), warnings);
  forge.close(1, "");
  CHECK(repository_files.is_sound());
  const auto tip = repository.resolve(std::string(store::default_reference));
  REQUIRE(tip);
  CHECK(repository.commit(*tip).trailer("Operation") == "pull.close");
  CHECK(repository.commit(*tip).trailer("Changeling") == "typo-sprite");
}
