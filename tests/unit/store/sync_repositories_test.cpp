// Sharing the state in clones of every shape, with real git.
#include <doctest/doctest.h>

#include <cstdlib>

#include "store/sync.hpp"
#include "store/tracking.hpp"
#include "task_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;
using std::chrono::milliseconds;

namespace {

namespace fs = std::filesystem;

Environment environment_with_git() {
  Environment environment = hermetic_environment();
  environment.set("PATH", "/usr/local/bin:/usr/bin:/bin");
  return environment;
}

void shell(const std::string& line) {
  const std::string command =
      "GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null " + line + " >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + line);
}

/// What a server has: a branch with some history, and a state with some tasks.
struct Server {
  Server() {
    bare.git("config uploadpack.allowFilter true");
    bare.git("config uploadpack.allowAnySHA1InWant true");
    home.git("commit --allow-empty -m first");
    home.git("commit --allow-empty -m second");
    home.git("remote add origin " + url());
    home.git("push -q origin main");
    for (const char* title : {"One", "Two", "Three"}) open.queue.add({new_task(title)});
    home.git("push -q origin refs/changelings/state:refs/changelings/state");
  }
  std::string url() const { return "file://" + bare.path().string(); }
  std::optional<git::ObjectId> tip() const {
    return bare.open().resolve(std::string(store::default_reference));
  }
  void add(const std::string& title) {
    open.queue.add({new_task(title)});
    home.git("push -q origin refs/changelings/state:refs/changelings/state");
  }
  TemporaryRepository bare{"--bare"};
  TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open{home, clock};
};

/// A clone made by `git clone OPTIONS`.
struct Clone {
  Clone(const Server& server, const std::string& options) {
    shell("git clone -q " + options + " " + server.url() + " " + path().string());
    git("config user.name Cloner");
    git("config user.email cloner@example.com");
    repository.emplace(git::Repository::discover(path(), environment_with_git()));
    store.emplace(*repository, clock, std::string(store::default_reference), repository->user_identity(),
                  repository->common_directory() / "changelings" / "store.lock");
    program.use(repository->place());
  }
  void git(const std::string& arguments) const { shell("git -C " + path().string() + " " + arguments); }
  fs::path path() const { return folder.path() / "clone"; }
  store::Synced synced() {
    store::Sync sync(*repository, program, *store,
                     {"origin", folder.path() / "sync.lock", milliseconds(0), [](milliseconds) {}});
    const auto result = sync.run();
    if (const auto* unreached = std::get_if<store::Unreached>(&result)) FAIL(unreached->reason);
    REQUIRE(std::holds_alternative<store::Synced>(result));
    return std::get<store::Synced>(result);
  }
  void add(const std::string& title) {
    store::TaskIndex index(*store, folder.path() / "index.sqlite");
    store::TaskQueue(*store, index, clock).add({new_task(title)});
  }
  std::size_t tasks() const { return all_tasks(*store).size(); }

  TemporaryFolder folder;
  SteppedClock clock;
  SystemProcessRunner processes;
  git::GitProgram program{processes, environment_with_git(), path()};
  std::optional<git::Repository> repository;
  std::optional<store::Store> store;
};

}  // namespace

TEST_CASE("a mirror clone keeps what is not shared yet, and both sides come together") {
  Server server;
  Clone mirror(server, "--mirror");
  mirror.add("Only here");
  server.add("Only there");
  const auto result = mirror.synced();
  CHECK(result.sent);
  CHECK(mirror.tasks() == 5);
  CHECK(server.tip() == mirror.repository->resolve(mirror.store->reference()));

  // And a plain fetch that prunes, once its refspecs are set.
  const auto configured = mirror.repository->config_all("remote.origin.fetch");
  for (const auto& refspec : store::refspecs_for_state(configured, mirror.store->reference(), "origin").add)
    mirror.repository->add_config("remote.origin.fetch", refspec);
  mirror.add("Later");
  const auto before = mirror.repository->resolve(mirror.store->reference());
  mirror.git("fetch --prune");
  CHECK(mirror.repository->resolve(mirror.store->reference()) == before);
  CHECK(mirror.repository->resolve(store::merged_reference("origin")));
}

TEST_CASE("a push works whatever the configuration says about pushes, and moves nothing else") {
  Server server;
  Clone clone(server, "");
  clone.git("fetch origin refs/changelings/state:refs/changelings/state");
  for (const char* setting :
       {"remote.origin.mirror true", "push.default nothing", "push.followTags true", "push.gpgSign true",
        "push.recurseSubmodules check", "push.pushOption ci.skip", "push.autoSetupRemote true",
        "remote.origin.prune true", "fetch.prune true", "fetch.pruneTags true", "fetch.all true",
        "remote.origin.tagOpt --tags", "remote.origin.push refs/heads/*:refs/heads/elsewhere/*"})
    clone.git(std::string("config ") + setting);
  clone.git("commit --allow-empty -m unpushed");
  clone.git("tag -a -m annotated mine");
  clone.git("update-ref refs/remotes/origin/stale HEAD");
  clone.add("Four");
  CHECK(clone.synced().sent);
  CHECK(server.bare.open().references("refs/") ==
        std::vector<std::string>{"refs/changelings/state", "refs/heads/main"});
  CHECK(clone.repository->resolve("refs/remotes/origin/stale"));
}

TEST_CASE("several addresses to push to get the state, and one of them that fails loses nothing") {
  Server server;
  const TemporaryRepository second("--bare");
  Clone clone(server, "");
  clone.git("fetch origin refs/changelings/state:refs/changelings/state");
  clone.git("config --add remote.origin.pushurl " + server.url());
  clone.git("config --add remote.origin.pushurl file://" + second.path().string());
  clone.add("Four");
  CHECK(clone.synced().sent);
  CHECK(second.open().resolve(clone.store->reference()) == server.tip());

  fs::rename(second.path(), clone.folder.path() / "gone");
  clone.add("Five");
  store::Sync sync(*clone.repository, clone.program, *clone.store,
                   {"origin", clone.folder.path() / "sync.lock", milliseconds(0), [](milliseconds) {}});
  CHECK(std::holds_alternative<store::Unreached>(sync.run()));
  CHECK(server.tip() == clone.repository->resolve(clone.store->reference()));
  fs::rename(clone.folder.path() / "gone", second.path());
}

TEST_CASE("a clone of depth 1 has the whole state, and shares") {
  Server server;
  Clone clone(server, "--depth 1");
  CHECK(clone.repository->is_shallow());
  CHECK(clone.synced().received);
  CHECK(clone.repository->history(*server.tip(), 0).size() ==
        server.bare.open().history(*server.tip(), 0).size());
  clone.add("Here");
  server.add("There");
  CHECK(clone.synced().sent);
  CHECK(clone.tasks() == 5);
  // The branch stays as short as the user wanted it.
  CHECK(clone.repository->is_shallow());
}

TEST_CASE("a plain fetch of depth 1 cuts the state off, and the next sync mends that") {
  Server server;
  Clone clone(server, "");
  clone.git(
      "config --add remote.origin.fetch +refs/changelings/state*:refs/changelings/remotes/origin/state*");
  clone.synced();
  clone.add("Here");
  server.add("There");
  server.add("There, too");
  clone.git("fetch --depth 1");
  REQUIRE_FALSE(clone.repository->shallow_boundary().empty());
  clone.git("gc -q --prune=now");
  CHECK(clone.tasks() == 4);
  CHECK(clone.synced().sent);
  CHECK(clone.tasks() == 6);
  for (const auto& commit : clone.repository->shallow_boundary())
    CHECK_FALSE(clone.repository->commit(commit).trailer("Operation"));
  clone.git("fsck --connectivity-only");
}

TEST_CASE("partial clones have the state whole, and read it offline") {
  for (const char* filter : {"--filter=blob:none", "--filter=tree:0"}) {
    CAPTURE(filter);
    Server server;
    Clone clone(server, filter);
    // As a plain fetch does it: with the filter.
    clone.git("fetch origin +refs/changelings/state:" + store::tracking_reference("origin"));
    CHECK(clone.synced().received);
    server.add("There");
    clone.synced();
    fs::rename(server.bare.path(), clone.folder.path() / "gone");
    CHECK(clone.tasks() == 4);
    for (const auto& commit :
         clone.repository->history(*clone.repository->resolve(clone.store->reference()), 0))
      clone.git("-c remote.origin.url=/nowhere ls-tree -r -l " + commit.id.hex());
    fs::rename(clone.folder.path() / "gone", server.bare.path());
  }
}
