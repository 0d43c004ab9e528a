#include "hooks/hook_journal.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"
#include "hooks/hook_input.hpp"

using namespace changeling;
using namespace changeling::hooks;
using changeling::test::TemporaryFolder;
namespace fs = std::filesystem;

TEST_CASE("an event has a file while anything subscribes to it") {
  const TemporaryFolder folder;
  const HookJournal journal(folder.path());
  CHECK_FALSE(journal.in_use());
  journal.write_subscriptions({{"post-merge", {"b", "a"}}, {"post-commit", {}}});
  CHECK(journal.in_use());
  CHECK(folder.read("hooks/post-merge") == "a\nb\n");
  CHECK_FALSE(fs::exists(folder.path() / "hooks/post-commit"));
  journal.write_subscriptions({});
  CHECK_FALSE(fs::exists(folder.path() / "hooks/post-merge"));
}

TEST_CASE("what was installed and when an event came is remembered") {
  const TemporaryFolder folder;
  const HookJournal journal(folder.path());
  CHECK(journal.installed_files().empty());
  journal.write_installed_files({"/a/b", "/a/c"});
  CHECK(journal.installed_files() == std::set<fs::path>{"/a/b", "/a/c"});
  CHECK_FALSE(journal.last_fired("post-merge"));
  journal.note_fired("post-merge");
  CHECK(journal.last_fired("post-merge"));
  journal.clear();
  CHECK_FALSE(journal.in_use());
}

TEST_CASE("a hook that did not find the program is remembered until it is forgotten") {
  const TemporaryFolder folder;
  const HookJournal journal(folder.path());
  journal.write_subscriptions({{"post-commit", {"a"}}});
  CHECK_FALSE(journal.last_missed("post-commit"));
  folder.write("hooks/post-commit.missed", "/usr/bin:/bin\n");
  const auto missed = journal.last_missed("post-commit");
  REQUIRE(missed);
  CHECK(missed->path == "/usr/bin:/bin");
  CHECK(missed->at > Timestamp{});
  journal.forget_missed();
  CHECK_FALSE(journal.last_missed("post-commit"));
}

TEST_CASE("the log stays small and keeps its newest lines") {
  const TemporaryFolder folder;
  const HookJournal journal(folder.path());
  const std::string filler(1000, 'x');
  for (int number = 0; number < 400; ++number) {
    journal.log(filler + std::to_string(number) + "\nstill the same line", Timestamp());
    REQUIRE(fs::file_size(journal.log_file()) <= HookJournal::log_limit + 1100);
  }
  const auto lines = journal.last_log_lines(2);
  REQUIRE(lines.size() == 2);
  CHECK(lines.back().starts_with("1970-01-01T00:00:00.000Z xxx"));
  CHECK(lines.back().ends_with("399 still the same line"));
}

TEST_CASE("what moves only references of ours is no event") {
  const std::string state = "refs/heads/changeling-state";
  const std::string id(40, '1');
  const auto reason = [&](const std::string& event, const std::vector<std::string>& arguments,
                          const std::string& input) {
    return reason_to_ignore(event, arguments, input, state);
  };
  const auto received = [&](const std::string& reference) { return id + " " + id + " " + reference + "\n"; };
  CHECK(reason("post-receive", {}, received("refs/heads/main")).empty());
  CHECK_FALSE(reason("post-receive", {}, received("refs/changelings/state")).empty());
  CHECK_FALSE(reason("post-receive", {}, received("refs/heads/changelings/x/y") + received(state)).empty());
  CHECK(reason("post-receive", {}, received(state) + received("refs/heads/main")).empty());
  CHECK(reason("post-receive", {}, received("refs/heads/changelings-of-mine")).empty());
  CHECK_FALSE(reason("post-update", {"refs/heads/changelings/x/y"}, "").empty());
  CHECK(reason("post-update", {"refs/heads/changelings/x/y", "refs/tags/v1"}, "").empty());
  CHECK_FALSE(
      reason("pre-push", {"origin", "url"}, "refs/heads/a " + id + " " + state + " " + id + "\n").empty());
  CHECK(reason("pre-push", {"origin", "url"}, "refs/heads/a " + id + " refs/heads/a " + id + "\n").empty());
  CHECK(reason("pre-push", {"origin", "url"}, "").empty());
}

TEST_CASE("branches of runs are ours whatever they begin with") {
  const std::string moved = "refs/heads/bots/sprite/r1 1 refs/heads/bots/sprite/r1 2\n";
  CHECK(reason_to_ignore("pre-push", {}, moved, "").empty());
  CHECK_FALSE(reason_to_ignore("pre-push", {}, moved, "", changeling::BranchPrefix("bots")).empty());
}

TEST_CASE("a checkout of files is no event, one of a branch is") {
  CHECK_FALSE(reason_to_ignore("post-checkout", {"a", "a", "0"}, "", "").empty());
  CHECK(reason_to_ignore("post-checkout", {"a", "b", "1"}, "", "").empty());
  CHECK(reason_to_ignore("post-merge", {"0"}, "", "").empty());
}
