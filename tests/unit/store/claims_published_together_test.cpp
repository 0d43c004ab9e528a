#include <doctest/doctest.h>
#include <signal.h>

#include "claiming_process.hpp"
#include "store/publisher.hpp"

using namespace changeling;
using namespace changeling::testing;
using queue::Task;

namespace {

namespace fs = std::filesystem;

constexpr const char* published = "refs/fake/published";

enum class Ending { Returns, KilledOnceAccepted };

/// A remote whose state is another reference of the same repository.
class NearRemote : public store::Publisher {
 public:
  NearRemote(Opened& open, const fs::path& folder, Ending ending = Ending::Returns)
      : open_(open), lock_file_(folder / "sync.lock"), board_(folder / "sync.board"), ending_(ending) {}

  FileLock begin() override { return *FileLock::acquire(lock_file_, std::chrono::minutes(1)); }
  store::Turn wait_for_turn(const store::RequestBoard::MakeRequest& make_request) override {
    const auto try_lock = [&] { return FileLock::try_acquire(lock_file_); };
    store::Turn turn = board_.wait(try_lock, make_request, std::chrono::minutes(1));
    if (!turn.lock && !turn.is_done) turn.lock = begin();
    if (on_turn) on_turn();
    return turn;
  }
  store::RequestBoard* board() override { return &board_; }
  void catch_up() override {
    if (const auto tip = open_.repository.resolve(published))
      open_.store.integrate(*tip, std::nullopt, "near");
  }
  Publication publish(const git::ObjectId& commit) override {
    const auto before = open_.repository.resolve(published);
    if (before && !open_.repository.is_ancestor(*before, commit)) return Publication::Outdated;
    if (open_.repository.compare_and_swap(published, before, commit, "push") != git::SwapResult::Swapped)
      return Publication::Outdated;
    if (ending_ == Ending::KilledOnceAccepted) ::raise(SIGKILL);
    return Publication::Accepted;
  }
  Publication replace(const git::ObjectId&, const git::ObjectId&) override { return Publication::Outdated; }

  std::function<void()> on_turn;

 private:
  Opened& open_;
  fs::path lock_file_;
  store::RequestBoard board_;
  Ending ending_;
};

fs::path local_folder(const TemporaryRepository& home) {
  return home.path() / ".git" / "changelings";
}

/// Claims through the remote and tells in a file what it was given.
Process claimer(const TemporaryRepository& home, const std::string& person,
                const std::function<void()>& on_turn = {}, Ending ending = Ending::Returns) {
  return Process([&home, person, on_turn, ending] {
    Opened open(home, person);
    NearRemote remote(open, local_folder(home), ending);
    remote.on_turn = on_turn;
    open.queue.publish_through(&remote);
    const auto result = open.claim(person);
    const auto* task = std::get_if<Task>(&result);
    if (task == nullptr) return 1;
    write_file(home.path() / ("told-" + person), task->id + " " + std::to_string(task->lease->token) + "\n");
    return 0;
  });
}

/// One that has the turn by now, and goes on when two others wait.
Process first_of_three(const TemporaryRepository& home, Ending ending) {
  Process process = claimer(
      home, "ann",
      [&home] {
        write_file(home.path() / "has-turn", "");
        comes_true([&] {
          return count_in_phase(local_folder(home) / "sync.board", store::RequestPhase::Waiting) == 2;
        });
      },
      ending);
  REQUIRE(comes_true([&] { return fs::exists(home.path() / "has-turn"); }));
  return process;
}

std::size_t publications(const TemporaryRepository& home) {
  const std::string log = read_file(home.path() / ".git" / "logs" / published);
  return static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
}

}  // namespace

TEST_CASE("claims that wait for the remote are published together") {
  const TemporaryRepository home;
  home.git("config core.logAllRefUpdates always");
  const SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add({new_task("one"), new_task("two"), new_task("three")});
  Process first = first_of_three(home, Ending::Returns);
  Process second = claimer(home, "bob");
  Process third = claimer(home, "cleo");
  for (Process* process : {&first, &second, &third}) CHECK(process->wait() == 0);
  CHECK(publications(home) == 1);
  CHECK(open.repository.resolve(published) == open.store.snapshot().commit());
  CHECK(claim_commits(open).size() == 3);
  for (const git::CommitInfo& commit : claim_commits(open)) CHECK(commit.trailer("Nonce").has_value());
  for (const char* person : {"ann", "bob", "cleo"}) CHECK(claims_of(open, person) == told(home, person));
}

TEST_CASE("claims whose publisher was killed once the remote had them are found again, and made once") {
  const TemporaryRepository home;
  const SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add({new_task("one"), new_task("two"), new_task("three"), new_task("four"), new_task("five")});
  Process first = first_of_three(home, Ending::KilledOnceAccepted);
  Process second = claimer(home, "bob");
  Process third = claimer(home, "cleo");
  CHECK(first.wait() == -1);
  CHECK(second.wait() == 0);
  CHECK(third.wait() == 0);
  // The one that was killed has its claim, too, which runs out.
  CHECK(claim_commits(open).size() == 3);
  for (const char* person : {"bob", "cleo"}) {
    CHECK(!told(home, person).empty());
    CHECK(claims_of(open, person) == told(home, person));
  }
  CHECK(home.is_sound());
}
