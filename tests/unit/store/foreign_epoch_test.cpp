#include "store/foreign_epoch.hpp"

#include <doctest/doctest.h>

#include "open_store.hpp"
#include "store/epoch.hpp"
#include "store/records.hpp"
#include "store/request_number.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::testing;

namespace {

void put(store::Store& store, const std::string& path, const std::string& content) {
  store.update({"test", "test", {}},
               [&](const store::Snapshot&, store::Change& change) { change.write(path, content); });
}

/// A state of somebody else with nothing in it but its epoch.
git::ObjectId emptied(git::Repository& repository, std::int64_t number) {
  const auto format = repository.write_blob("1\n");
  const auto epoch = repository.write_blob("{\"number\":" + std::to_string(number) + "}");
  const auto tree = repository.edit_tree(repository.empty_tree(), {{"format", format}, {"epoch", epoch}});
  return repository.create_commit(tree, {}, {"Eve", "eve@example.com"}, fixed_clock.now(), "compact");
}

}  // namespace

TEST_CASE("an epoch that is more than one ahead is followed only where somebody has asked for it") {
  CHECK_NOTHROW(store::check_epoch(0, 1, std::nullopt));
  CHECK_NOTHROW(store::check_epoch(7, 8, std::nullopt));
  CHECK_NOTHROW(store::check_epoch(0, 999, 999));
  CHECK_THROWS_WITH_AS(store::check_epoch(0, 2, std::nullopt), doctest::Contains("more than one at once"),
                       Error);
  CHECK_THROWS_AS(store::check_epoch(0, 999, 998), Error);
}

TEST_CASE("who follows into a new epoch keeps the old one and is told what is gone") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  put(open.store, "changelings/keep.toml", "run = \"true\"\n");
  const auto tip = *open.repository.resolve(open.store.reference());
  const auto published = emptied(open.repository, 1);
  const auto integrated = open.store.integrate(published, tip, "origin");
  CHECK(integrated.changed);
  CHECK(open.repository.resolve(open.store.reference()) == published);
  CHECK(open.repository.resolve(store::kept_epoch_reference(0)) == tip);
  REQUIRE(integrated.warnings.size() == 1);
  CHECK(integrated.warnings.front().find("changelings/keep.toml") != std::string::npos);
}

TEST_CASE("a far epoch changes nothing here") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  const auto tip = *open.repository.resolve(open.store.reference());
  for (const std::int64_t number : {std::int64_t{2}, std::int64_t{999}, std::int64_t{1} << 53}) {
    CHECK_THROWS_AS(open.store.integrate(emptied(open.repository, number), tip, "origin"), Error);
    CHECK(open.repository.resolve(open.store.reference()) == tip);
  }
}

TEST_CASE("an epoch that cannot be read begins nothing: the histories are merged") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  put(open.store, "changelings/keep.toml", "run = \"true\"\n");
  const auto tip = *open.repository.resolve(open.store.reference());
  for (const std::int64_t number : {std::int64_t{-1}, std::int64_t{1} << 54}) {
    open.store.integrate(emptied(open.repository, number), tip, "origin");
    CHECK(open.store.snapshot().read("changelings/keep.toml"));
  }
}

TEST_CASE("the next number of a request goes on from what can be believed") {
  CHECK(store::number_after(0, 0) == 1);
  CHECK(store::number_after(41, 3) == 42);
  CHECK(store::number_after((std::int64_t{1} << 53), 3) == 4);
}

TEST_CASE("folders inside one another are looked into as deep as a record lies") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  put(open.store, "runs/ab/cd/abcde.json", "{}");
  put(open.store, "runs/ab/cd/ef/gh/x.json", "{}");
  const store::Snapshot snapshot = open.store.snapshot();
  CHECK(snapshot.files_below("runs") == std::vector<std::string>{"runs/ab/cd/abcde.json", "runs/ab/cd/ef"});
  std::vector<std::string> seen;
  open.repository.compare_trees(std::nullopt, snapshot.tree(), "runs",
                                [&](const git::BlobChange& change) { seen.push_back(change.path); });
  CHECK(seen == snapshot.files_below("runs"));
}

TEST_CASE("what nobody would read is not written, and what is too large is not read") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  const std::string large(1'100'000, 'x');
  CHECK_THROWS_WITH_AS(put(open.store, "items/ab/cd/abcde.json", large), doctest::Contains("larger"), Error);
  CHECK_NOTHROW(put(open.store, "archive/2026-01.jsonl", large));
  CHECK(open.store.snapshot().read("archive/2026-01.jsonl")->size() == large.size());
}

TEST_CASE("no record makes a run last longer than any does") {
  store::RunRecord run;
  run.status = store::RunStatus::Running;
  run.started_at = fixed_clock.now();
  run.expires_at = parse_timestamp("9999-01-01T00:00:00Z");
  CHECK(store::is_presumed_dead(run, fixed_clock.now() + std::chrono::hours(24 * 30)));
  CHECK_FALSE(store::is_presumed_dead(run, fixed_clock.now() + std::chrono::hours(24 * 20)));
  run.started_at = fixed_clock.now() + std::chrono::hours(48);
  CHECK(store::is_presumed_dead(run, fixed_clock.now()));
  run.started_at = fixed_clock.now() + std::chrono::hours(2);
  CHECK_FALSE(store::is_presumed_dead(run, fixed_clock.now()));
}

TEST_CASE("the record of a run is written, however much its checks have said") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  store::RunRecord run;
  run.id = "abcde";
  run.started_at = fixed_clock.now();
  for (int one = 0; one < 100; ++one) {
    run.verification.push_back({});
    run.verification.back().output = std::string(50'000, 'x');
  }
  run.error = std::string(3'000'000, 'e');
  open.store.update({"test", "test", {}},
                    [&](const store::Snapshot&, store::Change& change) { store::write_run(change, run); });
  const auto read = store::read_run(open.store.snapshot(), "abcde");
  REQUIRE(read);
  CHECK(read->verification.size() == 100);
  CHECK(read->verification.front().output.size() > 1000);
}
