#include "store/record_merge.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "changeling/toml_file.hpp"
#include "store/records.hpp"
#include "store/review_record.hpp"
#include "store/role_records.hpp"
#include "store/state_merge.hpp"
#include "support/error.hpp"
#include "task_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;
using store::merge_record;

namespace {

using Text = std::optional<std::string>;
using Files = std::map<std::string, std::string>;

const std::string run_place = store::run_path("bbcc2222");
const std::string pull_place = store::pull_request_path(1);

Timestamp at(int seconds) {
  return fixed_clock.now() + std::chrono::seconds(seconds);
}

std::string run_text(store::RunStatus status, std::int64_t token, const std::string& error = "",
                     std::int64_t pull_number = 0) {
  store::RunRecord run;
  run.id = "bbcc2222";
  run.changeling = "sprite";
  run.status = status;
  run.started_at = fixed_clock.now();
  if (status == store::RunStatus::Finished) run.outcome = store::Outcome::Failed;
  run.error = error;
  run.lease = {"worker", token};
  if (pull_number > 0) run.pull_request = {pull_number, "local:" + std::to_string(pull_number), "open"};
  return to_json(run).dump(1) + "\n";
}

std::string pull_text(store::PullRequestState state, int updated, const std::string& branch = "b",
                      std::int64_t number = 1) {
  store::PullRequestRecord pull;
  pull.number = number;
  pull.title = "at " + std::to_string(updated);
  pull.changeling = "sprite";
  pull.branch = branch;
  pull.state = state;
  pull.created_at = fixed_clock.now();
  pull.updated_at = at(updated);
  return to_json(pull).dump(1) + "\n";
}

std::string task_record(const std::string& id, const std::vector<std::string>& blocked_by = {},
                        const std::string& title = "t") {
  queue::Task task = new_task(title);
  task.id = id;
  task.created_at = task.updated_at = fixed_clock.now();
  task.blocked_by = blocked_by;
  return store::task_text(task);
}

/// Trees of the state made of texts, merged.
class Merge {
 public:
  Merge(const Files& base, const Files& ours, const Files& published)
      : repository_(home_.open()),
        result_(store::merge_states(repository_, tree(base), tree(ours), tree(published))) {}

  const std::vector<std::string>& warnings() const { return result_.warnings; }
  Text read(const std::string& path) const { return repository_.read_file(result_.tree, path); }
  std::vector<std::string> blockers(const std::string& id) const {
    return store::parse_task(*read(store::task_path(id)), id, "test").blocked_by;
  }

 private:
  git::ObjectId tree(const Files& files) {
    std::map<std::string, git::FileEdit> edits;
    for (const auto& [path, text] : files)
      edits.emplace(path, git::FileEdit(repository_.write_blob(text), false));
    return repository_.edit_tree(repository_.empty_tree(), edits);
  }

  TemporaryRepository home_;
  git::Repository repository_;
  store::StateMerge result_;
};

}  // namespace

TEST_CASE("a record that one side changed is that side's, whatever it is") {
  for (const char* path : {"runs/aa/bb/x.json", "changelings/a.toml", "agents/a.toml", "anything"}) {
    CAPTURE(path);
    CHECK(merge_record(path, {"base", "ours", "base"}).content == "ours");
    CHECK(merge_record(path, {"base", "base", "published"}).content == "published");
    CHECK(merge_record(path, {"base", "same", "same"}).content == "same");
    CHECK(merge_record(path, {std::nullopt, "ours", std::nullopt}).content == "ours");
  }
}

TEST_CASE("what one side removed and the other changed stays; what nobody changed goes") {
  CHECK(merge_record("anything", {"base", std::nullopt, "changed"}).content == "changed");
  CHECK(merge_record("anything", {"base", "changed", std::nullopt}).content == "changed");
  CHECK_FALSE(merge_record("anything", {"base", std::nullopt, "base"}).content);
  CHECK_FALSE(merge_record("anything", {"base", "base", std::nullopt}).content);
  CHECK_FALSE(merge_record("anything", {"base", std::nullopt, std::nullopt}).content);
}

TEST_CASE("a record of an unknown kind is the published one's") {
  CHECK(merge_record("agents/a.toml", {"base", "ours", "published"}).content == "published");
}

TEST_CASE("a finished run stays finished") {
  const auto running = run_text(store::RunStatus::Running, 5);
  const auto finished = run_text(store::RunStatus::Finished, 1);
  const auto base = run_text(store::RunStatus::Running, 1);
  CHECK(merge_record(run_place, {base, finished, running}).content == finished);
  CHECK(merge_record(run_place, {base, running, finished}).content == finished);
}

TEST_CASE("of two endings of a run the newer lease's counts, and the published one among equals") {
  const auto base = run_text(store::RunStatus::Running, 1);
  const auto newer = run_text(store::RunStatus::Finished, 2, "newer");
  const auto older = run_text(store::RunStatus::Finished, 1, "older");
  const auto other = run_text(store::RunStatus::Finished, 2, "other");
  CHECK(merge_record(run_place, {base, newer, older}).content == newer);
  CHECK(merge_record(run_place, {base, older, newer}).content == newer);
  CHECK(merge_record(run_place, {base, newer, other}).content == other);
}

TEST_CASE("a pull request only goes forward, otherwise the later writer's counts") {
  using State = store::PullRequestState;
  const auto base = pull_text(State::Open, 0);
  const auto merged = pull_text(State::Merged, 1);
  const auto closed = pull_text(State::Closed, 2);
  const auto edited = pull_text(State::Open, 3);
  const auto edited_later = pull_text(State::Open, 4);
  for (const bool swapped : {false, true}) {
    CAPTURE(swapped);
    const auto merge = [&](const std::string& one, const std::string& other) {
      return *merge_record(pull_place, {base, swapped ? other : one, swapped ? one : other}).content;
    };
    CHECK(merge(merged, closed) == merged);
    CHECK(merge(merged, edited_later) == merged);
    CHECK(merge(closed, edited_later) == closed);
    CHECK(merge(edited, edited_later) == edited_later);
  }
}

TEST_CASE("definitions are merged key by key, and the published one wins a key that both changed") {
  const Text base = "agent = \"claude\"\nprompt = \"p\"\ndescription = \"d\"\n";
  const Text ours = "agent = \"claude\"\nprompt = \"mine\"\ndescription = \"mine\"\ntimeout = \"5m\"\n";
  const Text published = "agent = \"claude\"\nprompt = \"theirs\"\ndescription = \"d\"\nbranch = \"main\"\n";
  const auto merged = merge_record("changelings/sprite.toml", {base, ours, published});
  CHECK(merged.warning.empty());
  const auto expected = parse_definition(
      "agent = \"claude\"\nprompt = \"theirs\"\ndescription = \"mine\"\ntimeout = \"5m\"\nbranch = "
      "\"main\"\n",
      "expected", "state");
  CHECK(parse_definition(*merged.content, "merged", "state").values == expected.values);
}

TEST_CASE("a key that one side took out of a definition is gone") {
  const auto merged = merge_record(
      "changelings/sprite.toml",
      {"agent = \"claude\"\nprompt = \"p\"\ndescription = \"d\"\n", "agent = \"claude\"\nprompt = \"p\"\n",
       "agent = \"claude\"\nprompt = \"new\"\ndescription = \"d\"\n"});
  CHECK(parse_definition(*merged.content, "merged", "state").values ==
        parse_definition("agent = \"claude\"\nprompt = \"new\"\n", "expected", "state").values);
}

TEST_CASE("roles are merged key by key") {
  const auto role = [](const std::string& agent, const std::string& prompt, bool interactive) {
    return write_role({"reviewer", agent, prompt, interactive});
  };
  const auto merged =
      merge_record(store::role_path("reviewer"),
                   {role("claude", "p", false), role("claude", "mine", true), role("mngr", "theirs", false)});
  CHECK(*merged.content == role("mngr", "theirs", true));
}

TEST_CASE("the agent of a role and its command line are merged together") {
  const auto role = [](const std::string& agent, const std::string& command) {
    return write_role({"reviewer", agent, "p", false, command});
  };
  const std::string path = store::role_path("reviewer");
  CHECK(*merge_record(path, {role("claude", ""), role("command", "make"), role("mngr", "")}).content ==
        role("mngr", ""));
  CHECK(*merge_record(path, {role("command", "make"), role("command", "make check"), role("command", "make")})
             .content == role("command", "make check"));
}

TEST_CASE("a version that cannot be read gives way, with a warning") {
  const auto finished = run_text(store::RunStatus::Finished, 1);
  const auto ours_good = merge_record(run_place, {std::nullopt, finished, "{broken"});
  CHECK(ours_good.content == finished);
  CHECK(ours_good.warning == run_place + ": the published record cannot be read and was left out");
  const auto published_good = merge_record(run_place, {std::nullopt, "{broken", finished});
  CHECK(published_good.content == finished);
  CHECK(published_good.warning == run_place + ": the local record cannot be read and was left out");
  const auto none_good = merge_record(run_place, {std::nullopt, "{broken", "broken too"});
  CHECK(none_good.content == "broken too");
  CHECK_FALSE(none_good.warning.empty());
  const std::string definition = "agent = \"claude\"\nprompt = \"p\"\n";
  CHECK(merge_record("changelings/a.toml", {std::nullopt, "no toml", definition}).content == definition);
}

TEST_CASE("an unreadable base counts as none") {
  const auto older = run_text(store::RunStatus::Finished, 1);
  const auto newer = run_text(store::RunStatus::Finished, 2);
  const auto merged = merge_record(run_place, {"{broken", newer, older});
  CHECK(merged.content == newer);
  CHECK(merged.warning.empty());
}

TEST_CASE("the second of two pull requests with one number gets the next, and its run hears of it") {
  const auto theirs = pull_text(store::PullRequestState::Open, 1, "theirs");
  const auto later = pull_text(store::PullRequestState::Open, 1, "later", 2);
  const Merge merge({},
                    {{pull_place, pull_text(store::PullRequestState::Open, 1, "ours")},
                     {run_place, run_text(store::RunStatus::Finished, 1, "", 1)}},
                    {{pull_place, theirs}, {store::pull_request_path(2), later}});
  CHECK(merge.read(pull_place) == theirs);
  CHECK(merge.read(store::pull_request_path(2)) == later);
  CHECK(merge.read(store::pull_request_path(3)) == pull_text(store::PullRequestState::Open, 1, "ours", 3));
  CHECK(merge.read(run_place) == run_text(store::RunStatus::Finished, 1, "", 3));
  REQUIRE(merge.warnings().size() == 1);
  CHECK(merge.warnings()[0].find("is now number 3") != std::string::npos);
}

TEST_CASE("the next number is beyond those in all folders") {
  const auto far = pull_text(store::PullRequestState::Open, 1, "far", 2041);
  const Merge merge({}, {{pull_place, pull_text(store::PullRequestState::Open, 1, "ours")}},
                    {{pull_place, pull_text(store::PullRequestState::Open, 1, "theirs")},
                     {store::pull_request_path(2041), far}});
  CHECK(merge.read(store::pull_request_path(2041)) == far);
  CHECK(merge.read("pulls/2/2042.json") == pull_text(store::PullRequestState::Open, 1, "ours", 2042));
}

TEST_CASE("renumbering passes over runs that cannot be read") {
  const Merge merge(
      {}, {{pull_place, pull_text(store::PullRequestState::Open, 1, "ours")}, {run_place, "{broken"}},
      {{pull_place, pull_text(store::PullRequestState::Open, 1, "theirs")}});
  CHECK(merge.read(store::pull_request_path(2)).has_value());
  CHECK(merge.read(run_place) == "{broken");
}

TEST_CASE("what our side has said of a request goes with it to its new number") {
  store::ReviewRecord said;
  said.id = "aaaa2222";
  said.request = 1;
  said.written_at = fixed_clock.now();
  store::ReviewRecord theirs = said;
  theirs.id = "bbbb2222";
  const Merge merge({},
                    {{pull_place, pull_text(store::PullRequestState::Open, 1, "ours")},
                     {"reviews/1/aaaa2222.json", review_text(said)},
                     {"reviews/1/cccc2222.json", "{broken"}},
                    {{pull_place, pull_text(store::PullRequestState::Open, 1, "theirs")},
                     {"reviews/1/bbbb2222.json", review_text(theirs)}});
  CHECK_FALSE(merge.read("reviews/1/aaaa2222.json"));
  said.request = 2;
  CHECK(merge.read("reviews/2/aaaa2222.json") == review_text(said));
  CHECK(merge.read("reviews/1/bbbb2222.json") == review_text(theirs));
  CHECK(merge.read("reviews/1/cccc2222.json") == "{broken");
}

TEST_CASE("links that would close a circle are taken from our side") {
  const auto place = [](const std::string& id) { return store::task_path(id); };
  const std::string a = "bbbb2222";
  const std::string b = "cccc2222";
  const std::string c = "dddd2222";
  const Files base{{place(a), task_record(a)}, {place(b), task_record(b)}, {place(c), task_record(c)}};
  Files ours = base;
  ours[place(a)] = task_record(a, {b});
  Files published = base;
  published[place(b)] = task_record(b, {c});
  published[place(c)] = task_record(c, {a});
  const Merge merge(base, ours, published);
  CHECK(merge.blockers(a).empty());
  CHECK(merge.blockers(b) == std::vector<std::string>{c});
  CHECK(merge.blockers(c) == std::vector<std::string>{a});
  REQUIRE(merge.warnings().size() == 1);
  CHECK(merge.warnings()[0] ==
        "task " + a + " no longer waits for " + b + ": with what others changed that was a circle");
}

TEST_CASE("nobody waits for a task that the other side removed") {
  const auto place = [](const std::string& id) { return store::task_path(id); };
  const std::string a = "bbbb2222";
  const std::string gone = "cccc2222";
  const Files base{{place(a), task_record(a)}, {place(gone), task_record(gone)}};
  const Files with_link{{place(a), task_record(a, {gone})}, {place(gone), task_record(gone)}};
  const Files without{{place(a), task_record(a)}};
  SUBCASE("they removed it") {
    const Merge merge(base, with_link, without);
    CHECK(merge.blockers(a).empty());
    CHECK_FALSE(merge.read(place(gone)));
  }
  SUBCASE("we removed it") {
    const Merge merge(base, without, with_link);
    CHECK(merge.blockers(a).empty());
    CHECK_FALSE(merge.read(place(gone)));
  }
}

TEST_CASE(
    "nobody belongs to a task that the other side removed, and what was archived before is remembered") {
  const auto place = [](const std::string& id) { return store::task_path(id); };
  const std::string a = "bbbb2222";
  const std::string gone = "cccc2222";
  const auto linked = [&] {
    queue::Task task = store::parse_task(task_record(a), a, "test");
    task.parent = gone;
    task.discovered_from = gone;
    return store::task_text(task);
  }();
  const Files with_link{{place(a), linked}, {place(gone), task_record(gone)}};
  const Files base{{place(a), task_record(a)}, {place(gone), task_record(gone)}};
  const Files without{{place(a), task_record(a)}};
  for (const bool we_link : {true, false}) {
    const Merge merge(base, we_link ? with_link : without, we_link ? without : with_link);
    CHECK(merge.read(place(a)) == task_record(a));
  }
  const Merge archived(without, {{place(a), linked}}, without);
  CHECK(archived.read(place(a)) == linked);
}

TEST_CASE("a damaged task does not keep the others from being merged") {
  const auto place = [](const std::string& id) { return store::task_path(id); };
  const std::string a = "bbbb2222";
  const std::string b = "cccc2222";
  const Files base{{place(a), task_record(a)}, {place(b), task_record(b)}};
  const Merge merge(base, {{place(a), "{broken"}, {place(b), task_record(b, {a})}},
                    {{place(a), task_record(a, {}, "new title")}, {place(b), task_record(b)}});
  CHECK(merge.read(place(a)) == task_record(a, {}, "new title"));
  CHECK(merge.blockers(b) == std::vector<std::string>{a});
  REQUIRE(merge.warnings().size() == 1);
}
