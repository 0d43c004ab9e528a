#include "store/known_names.hpp"

#include <doctest/doctest.h>

#include "open_store.hpp"
#include "store/records.hpp"

using namespace changeling;
using namespace changeling::testing;
using Names = std::vector<std::string>;

namespace {

void write_runs(store::Store& store, const Names& ids, const std::string& trailer) {
  store.update({"start", "run.start", {{"Run", trailer}}},
               [&](const store::Snapshot&, store::Change& change) {
                 for (const std::string& id : ids) change.write(store::run_path(id), "{}\n");
               });
}

}  // namespace

TEST_CASE("changelings are named from the tree, whatever their files say") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  open.store.update({"add", "add", {}}, [](const store::Snapshot&, store::Change& change) {
    for (const char* file : {"beta.toml", "alpha.toml", "note.txt"})
      change.write(std::string("changelings/") + file, "=\n");
  });
  CHECK(store::changeling_names(open.store.snapshot()) == Names{"alpha", "beta"});
}

TEST_CASE("runs that were worked on last come first, and then what fits") {
  const TemporaryRepository home;
  OpenStore open(home);
  CHECK(store::newest_run_ids(open.store.snapshot(), 5).empty());
  open.store.initialize();
  write_runs(open.store, {"aabbold1", "aabbold2", "ccddold3"}, "");
  write_runs(open.store, {"zzyynew1"}, "zzyynew1");
  write_runs(open.store, {"xxyynew2"}, "xxyynew2");
  const store::Snapshot now = open.store.snapshot();
  const Names all = store::newest_run_ids(now, 10);
  CHECK(Names(all.begin() + 2, all.end()) == Names{"aabbold1", "aabbold2", "ccddold3"});
  CHECK(Names(all.begin(), all.begin() + 2) == Names{"xxyynew2", "zzyynew1"});
  CHECK(store::newest_run_ids(now, 3).size() == 3);
}

TEST_CASE("open pull requests are named newest first, and damaged ones are passed over") {
  const TemporaryRepository home;
  OpenStore open(home);
  CHECK(store::newest_open_requests(open.store.snapshot(), 5).empty());
  open.store.initialize();
  open.store.update({"pulls", "pulls", {}}, [](const store::Snapshot&, store::Change& change) {
    for (const std::int64_t number : {1, 2, 3, 1000}) {
      store::PullRequestRecord pull;
      pull.number = number;
      pull.branch = "changelings/sprite/" + std::to_string(number);
      if (number == 2) pull.state = store::PullRequestState::Merged;
      store::write_pull_request(change, pull);
    }
    change.write(store::pull_request_path(4), "{");
  });
  CHECK(store::newest_open_requests(open.store.snapshot(), 5) == std::vector<std::int64_t>{1000, 3, 1});
  CHECK(store::newest_open_requests(open.store.snapshot(), 2) == std::vector<std::int64_t>{1000, 3});
}
