#include "store/sync.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "support/error.hpp"
#include "task_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;
using std::chrono::milliseconds;

namespace {

/// The real git program, with things that happen to a push on its way.
class Network : public ProcessRunner {
 public:
  ProcessResult run(const Command& command, milliseconds time_limit) override {
    time_limits.push_back(time_limit);
    const auto& words = command.arguments;
    const bool is_push = std::find(words.begin(), words.end(), "push") != words.end();
    if (!is_push)
      return is_down ? failure("fatal: unable to access the remote") : real_.run(command, time_limit);
    ++pushes;
    if (const auto action = std::exchange(before_push, {})) action();
    if (before_every_push) before_every_push();
    if (std::exchange(drops_push, false)) return failure("fatal: the connection was reset");
    ProcessResult result = real_.run(command, time_limit);
    if (std::exchange(goes_down_after_push, false)) is_down = true;
    if (std::exchange(loses_answer, false)) return failure("fatal: the remote end hung up unexpectedly");
    // A proxy has sent the request once more, and what comes back is the answer to the second one.
    if (std::exchange(repeats_push, false)) {
      result = failure("error: failed to push some refs");
      result.output = "!\tx:y\t[remote rejected] (incorrect old value provided)\nDone\n";
    }
    return result;
  }

  std::function<void()> before_push;
  std::function<void()> before_every_push;
  bool drops_push = false;
  bool loses_answer = false;
  bool repeats_push = false;
  bool goes_down_after_push = false;
  bool is_down = false;
  int pushes = 0;
  std::vector<milliseconds> time_limits;

 private:
  static ProcessResult failure(const std::string& words) {
    ProcessResult result;
    result.status.code = 1;
    result.error = words + "\n";
    return result;
  }
  SystemProcessRunner real_;
};

Environment environment_with_git() {
  Environment environment = hermetic_environment();
  environment.set("PATH", "/usr/local/bin:/usr/bin:/bin");
  return environment;
}

/// A clone of the shared repository on a machine of its own. All of them have one user and one clock.
struct Machine {
  explicit Machine(const TemporaryRepository& shared, milliseconds time_limit = milliseconds(0),
                   Environment environment = environment_with_git())
      : open(home, clock),
        git(network, std::move(environment), home.path()),
        sync(open.repository, git, open.store,
             {"origin", home.path() / ".git" / "changelings" / "sync.lock", time_limit,
              [this](milliseconds) { ++pauses; }}) {
    home.git("remote add origin " + shared.path().string());
  }

  store::Synced synced() {
    const auto result = sync.run();
    REQUIRE(std::holds_alternative<store::Synced>(result));
    return std::get<store::Synced>(result);
  }
  store::ClaimResult claim(const std::string& owner = "worker") {
    open.queue.publish_through(&sync);
    return open.queue.claim(queue::ClaimFilter{}, {owner, clock.now(), std::chrono::hours(1)});
  }
  queue::Task add(const std::string& title) { return open.queue.add({new_task(title)}).front(); }
  std::optional<git::ObjectId> tip() const { return open.repository.resolve(open.store.reference()); }
  git::ObjectId tree() const { return *open.store.snapshot().tree(); }

  TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open;
  Network network;
  git::GitProgram git;
  store::Sync sync;
  int pauses = 0;
};

struct Shared {
  TemporaryRepository repository{"--bare"};
  std::optional<git::ObjectId> tip() const {
    return repository.open().resolve(std::string(store::default_reference));
  }
  /// Operations of one kind in the history of the state.
  std::size_t operations(const std::string& kind) const {
    const auto open = repository.open();
    std::size_t count = 0;
    for (const auto& commit : open.history(*tip(), 0))
      count += commit.message.find("Operation: " + kind + "\n") != std::string::npos ? 1 : 0;
    return count;
  }
};

/// Two machines that both have what is shared.
struct Pair {
  Pair() {
    one.synced();
    two.synced();
    one.synced();
  }
  void share(const std::string& title) {
    one.add(title);
    one.synced();
    two.synced();
  }
  Shared shared;
  Machine one{shared.repository};
  Machine two{shared.repository};
};

bool is_claimed(const store::ClaimResult& result) {
  return std::holds_alternative<queue::Task>(result);
}

ErrorKind kind_of_failure(const std::function<void()>& action, std::string& message) {
  try {
    action();
  } catch (const Error& error) {
    message = error.what();
    return error.kind();
  }
  FAIL("nothing was thrown");
  return ErrorKind::Internal;
}

}  // namespace

TEST_CASE("what one clone sends the other receives") {
  Pair pair;
  pair.one.add("One");
  const auto sent = pair.one.synced();
  CHECK(sent.sent);
  CHECK_FALSE(sent.received);
  CHECK(pair.shared.tip() == pair.one.tip());
  const auto received = pair.two.synced();
  CHECK(received.received);
  CHECK_FALSE(received.sent);
  CHECK(pair.two.tip() == pair.one.tip());
  const auto nothing = pair.two.synced();
  CHECK_FALSE(nothing.received);
  CHECK_FALSE(nothing.sent);
}

TEST_CASE("receiving sends nothing") {
  Pair pair;
  pair.one.add("One");
  pair.one.synced();
  pair.two.add("Two");
  const auto before = pair.shared.tip();
  CHECK(std::get<store::Synced>(pair.two.sync.receive()).received);
  CHECK(pair.shared.tip() == before);
  CHECK(all_tasks(pair.two.open.store).size() == 2);
}

TEST_CASE("a push that somebody else forestalls is merged and sent again") {
  Pair pair;
  pair.one.add("One");
  pair.two.add("Two");
  pair.one.network.before_push = [&] { pair.two.synced(); };
  const auto result = pair.one.synced();
  CHECK(result.sent);
  CHECK(result.received);
  CHECK(pair.one.network.pushes >= 2);
  pair.two.synced();
  CHECK(pair.one.tree() == pair.two.tree());
  CHECK(all_tasks(pair.one.open.store).size() == 2);
}

TEST_CASE("a remote that is away is unreached, and nothing is lost") {
  Pair pair;
  const auto task = pair.one.add("One");
  pair.one.network.is_down = true;
  const auto result = pair.one.sync.run();
  CHECK(std::get<store::Unreached>(result).reason.find("unable to access") != std::string::npos);
  CHECK(std::holds_alternative<store::Unreached>(pair.one.sync.receive()));
  CHECK(store::read_task(pair.one.open.store.snapshot(), task.id).has_value());
  pair.one.network.is_down = false;
  CHECK(pair.one.synced().sent);
}

TEST_CASE("a remote that hides the reference declines, with what to do") {
  Pair pair;
  pair.shared.repository.git("config receive.hideRefs refs/changelings");
  pair.one.add("One");
  const auto declined = std::get<store::Declined>(pair.one.sync.run());
  CHECK(declined.reason.find("hidden ref") != std::string::npos);
  CHECK(declined.hint.find("--ref refs/heads/changeling-state") != std::string::npos);
  const auto before = pair.one.tip();
  std::string message;
  CHECK(kind_of_failure([&] { pair.one.claim(); }, message) == ErrorKind::Unavailable);
  CHECK(message.find("does not take the state") != std::string::npos);
  CHECK(pair.one.tip() == before);
}

TEST_CASE("a state that the remote has lost is brought back, with a warning") {
  Pair pair;
  pair.share("One");
  pair.shared.repository.git("update-ref -d " + std::string(store::default_reference));
  const auto result = pair.one.synced();
  CHECK(result.sent);
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].find("had lost") != std::string::npos);
  CHECK(pair.shared.tip() == pair.one.tip());
}

TEST_CASE("a claim whose answer was lost counts, because the remote has it") {
  Pair pair;
  pair.share("Only one");
  pair.one.network.loses_answer = true;
  CHECK(is_claimed(pair.one.claim()));
  CHECK(pair.shared.tip() == pair.one.tip());
  CHECK_FALSE(is_claimed(pair.two.claim("other")));
}

TEST_CASE("a claim whose request a proxy sent twice is made once") {
  Pair pair;
  pair.share("First");
  pair.share("Second");
  pair.one.network.repeats_push = true;
  CHECK(is_claimed(pair.one.claim()));
  CHECK(pair.shared.operations("task.claim") == 1);
  CHECK(pair.shared.tip() == pair.one.tip());
}

TEST_CASE("a sync whose request a proxy sent twice says that it sent something") {
  Pair pair;
  pair.one.add("One");
  pair.one.network.repeats_push = true;
  CHECK(pair.one.synced().sent);
}

TEST_CASE("a claim that did not get through is none") {
  Pair pair;
  pair.share("Only one");
  const auto before = pair.one.tip();
  pair.one.network.drops_push = true;
  std::string message;
  CHECK(kind_of_failure([&] { pair.one.claim(); }, message) == ErrorKind::Unavailable);
  CHECK(message == "cannot reach origin: fatal: the connection was reset");
  CHECK(pair.one.tip() == before);
  CHECK(pair.shared.tip() == before);
  CHECK(is_claimed(pair.two.claim("other")));
}

TEST_CASE("when nobody can tell whether a claim got through, it is no claim here and the error says so") {
  Pair pair;
  pair.share("Only one");
  const auto before = pair.one.tip();
  std::string message;
  SUBCASE("it did not") {
    pair.one.network.drops_push = true;
    pair.one.network.is_down = true;
  }
  SUBCASE("it did") {
    pair.one.network.loses_answer = true;
    pair.one.network.goes_down_after_push = true;
  }
  CHECK(kind_of_failure([&] { pair.one.claim(); }, message) == ErrorKind::Unavailable);
  CHECK(message.find("whether it took the operation shows at the next sync") != std::string::npos);
  CHECK(pair.one.tip() == before);
  // In either case at most one machine holds the task afterwards.
  pair.one.network.is_down = false;
  pair.one.synced();
  const bool was_taken = all_tasks(pair.one.open.store).front().lease.has_value();
  CHECK(is_claimed(pair.two.claim("other")) != was_taken);
}

TEST_CASE("a completion that cannot be sent stays here and is shared by the next sync") {
  Pair pair;
  pair.share("Only one");
  const auto task = std::get<queue::Task>(pair.one.claim());
  pair.one.network.is_down = true;
  pair.one.network.drops_push = true;
  pair.one.open.queue.complete(task.id, task.lease->token, {}, {});
  CHECK(pair.one.open.queue.unpublished().find("cannot reach origin") != std::string::npos);
  pair.one.network.is_down = false;
  pair.one.synced();
  pair.two.synced();
  CHECK(all_tasks(pair.two.open.store).front().status == queue::TaskStatus::Done);
}

TEST_CASE("a claim is decided again on what others have published meanwhile") {
  Pair pair;
  pair.share("First");
  pair.share("Second");
  pair.one.network.before_push = [&] { CHECK(is_claimed(pair.two.claim("other"))); };
  const auto mine = std::get<queue::Task>(pair.one.claim());
  pair.two.synced();
  std::set<std::string> owners;
  for (const auto& task : all_tasks(pair.two.open.store)) owners.insert(task.lease ? task.lease->owner : "");
  CHECK(owners == std::set<std::string>{"other", "worker"});
  CHECK(mine.lease->owner == "worker");
  CHECK(pair.one.pauses > 0);
}

TEST_CASE("two machines that decide the same at the same instant by the same name do not both win") {
  // Without something random in the commit both make the same one, and git tells the second "up to date".
  Pair pair;
  pair.share("Only one");
  bool other_won = false;
  pair.one.network.before_push = [&] { other_won = is_claimed(pair.two.claim()); };
  const bool won = is_claimed(pair.one.claim());
  CHECK(other_won);
  CHECK_FALSE(won);
  CHECK(pair.shared.operations("task.claim") == 1);
}

TEST_CASE("what another process of this clone writes meanwhile stays beside a published claim") {
  Pair pair;
  pair.share("Claimed");
  pair.one.network.before_push = [&] {
    OpenQueue other_process(pair.one.home, pair.one.clock);
    other_process.queue.add({new_task("Added meanwhile")});
  };
  CHECK(is_claimed(pair.one.claim()));
  CHECK(all_tasks(pair.one.open.store).size() == 2);
  pair.one.synced();
  pair.two.synced();
  CHECK(pair.one.tree() == pair.two.tree());
  CHECK(pair.one.home.is_sound());
  CHECK(pair.shared.repository.is_sound());
}

TEST_CASE("a remote that does not answer costs no more than the time limit") {
  Shared shared;
  Environment environment = environment_with_git();
  environment.set("GIT_SSH_COMMAND", "sleep 600; :");
  Machine machine(shared.repository, milliseconds(300), environment);
  machine.home.git("remote set-url origin ssh://nowhere/repository");
  const auto start = std::chrono::steady_clock::now();
  const auto result = machine.sync.run();
  CHECK(std::get<store::Unreached>(result).reason == "git fetch did not finish in time");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
  std::string message;
  CHECK(kind_of_failure([&] { machine.sync.catch_up(); }, message) == ErrorKind::Unavailable);
  for (const milliseconds limit : machine.network.time_limits) {
    CHECK(limit > milliseconds(0));
    CHECK(limit <= milliseconds(300));
  }
}

TEST_CASE("one process of a clone at a time talks to the remote") {
  Shared shared;
  Machine machine(shared.repository, milliseconds(100));
  std::string message;
  {
    const auto busy = FileLock::try_acquire(machine.home.path() / ".git" / "changelings" / "sync.lock");
    REQUIRE(busy);
    CHECK(kind_of_failure([&] { machine.sync.run(); }, message) == ErrorKind::Unavailable);
    CHECK(message == "another process keeps talking to origin");
    CHECK(machine.network.time_limits.empty());
  }
  CHECK_NOTHROW(machine.sync.begin());
}

TEST_CASE("a sync ends when the remote keeps changing") {
  Pair pair;
  pair.one.add("One");
  std::function<void()> forestall = [&] {
    pair.two.add("More");
    pair.two.synced();
    pair.one.network.before_push = forestall;
  };
  forestall();
  const auto result = pair.one.sync.run();
  CHECK(std::get<store::Unreached>(result).reason.find("kept changing") != std::string::npos);
  pair.one.network.before_push = {};
  CHECK(pair.one.synced().sent);
}

TEST_CASE("a claim is published whatever git gc --prune=now runs right before every push") {
  Pair pair;
  pair.share("One");
  const int before = pair.one.network.pushes;
  pair.one.network.before_every_push = [&] { pair.one.home.git("prune --expire=now"); };
  CHECK(is_claimed(pair.one.claim()));
  CHECK(pair.one.network.pushes == before + 1);
  CHECK(pair.one.tip() == pair.shared.tip());
  CHECK(pair.one.home.is_sound());
  CHECK(pair.one.open.repository.references("refs/changelings/pending/").empty());
}

TEST_CASE("a claim whose objects a gc deletes that did not see the reference is made anew") {
  Pair pair;
  pair.share("One");
  // As a gc does that had looked at the references before.
  pair.one.network.before_push = [&] {
    pair.one.home.git("for-each-ref --format='delete %(refname)' refs/changelings/pending | git -C " +
                      pair.one.home.path().string() + " update-ref --stdin");
    pair.one.home.git("prune --expire=now");
  };
  CHECK(is_claimed(pair.one.claim()));
  CHECK(pair.one.tip() == pair.shared.tip());
  CHECK(pair.one.home.is_sound());
}
