"""Several clones over one bare repository: the state is shared, and claims hold everywhere."""

import concurrent.futures
import json

import pytest

STATE = "refs/changelings/state"
TRACKING = "refs/changelings/remotes/origin/state"


@pytest.fixture
def clones(sandbox):
    """Makes clones of one bare repository, the first of which has set changelings up."""

    class Clones:
        def __init__(self):
            first = sandbox.repository(name="first", remote="bare")
            first.changeling("init").ok()
            self.remote = first.remote
            self.all = [first]

        def another(self):
            clone = sandbox.clone(self.remote, name=f"clone{len(self.all)}")
            clone.changeling("init").ok()
            self.all.append(clone)
            return clone

        def state_trees(self):
            return {clone.head(f"{STATE}^{{tree}}") for clone in self.all}

    return Clones()


def titles(clone):
    listing = clone.changeling("task", "list", "--json").json
    return sorted(task["title"] for task in listing["tasks"])


def test_a_task_travels_to_another_clone(clones):
    first, second = clones.all[0], None
    first.add_task("One")
    result = first.changeling("sync", "--json").json
    assert result == {"remote": "origin", "received": False, "sent": True, "warnings": [],
                      "outbox": {"sent": [], "waiting": [], "reasons": {}, "dropped": [], "refused": []}}
    second = clones.another()
    assert titles(second) == ["One"]
    second.add_task("Two")
    assert second.changeling("sync", "--json").json["sent"] is True
    assert first.changeling("sync", "--json").json["received"] is True
    assert titles(first) == ["One", "Two"]
    assert len(clones.state_trees()) == 1
    again = first.changeling("sync").ok()
    assert again.out == "Nothing new here or on origin\n"


def test_what_two_clones_change_at_once_comes_together(clones):
    first = clones.all[0]
    task = first.add_task("Sweep", "--label", "old")
    first.changeling("sync").ok()
    second = clones.another()
    first.changeling("task", "edit", task["id"], "--title", "Sweep the floor").ok()
    second.changeling("task", "edit", task["id"], "--priority", "urgent").ok()
    first.changeling("add", "sprite", "--run", "true").ok()
    second.changeling("add", "goblin", "--run", "true").ok()
    for clone in (first, second, first):
        clone.changeling("sync").ok()
    assert len(clones.state_trees()) == 1
    merged = second.task(task["id"])
    assert (merged["title"], merged["priority"]) == ("Sweep the floor", "urgent")
    names = [one["name"] for one in second.changeling("list", "--json").json["changelings"]]
    assert names == ["goblin", "sprite"]


def test_a_plain_fetch_and_pull_do_not_touch_unpublished_records(clones):
    first = clones.all[0]
    first.add_task("Shared")
    first.changeling("sync").ok()
    second = clones.another()
    second.add_task("Unpublished")
    first.add_task("More")
    first.changeling("sync").ok()
    second.git("fetch", "--quiet", "origin")
    assert second.head(TRACKING) == first.head(STATE)
    assert titles(second) == ["Shared", "Unpublished"]
    second.changeling("sync").ok()
    assert titles(second) == ["More", "Shared", "Unpublished"]


def test_a_plain_fetch_works_while_the_remote_has_no_state(clones):
    clones.all[0].git("fetch", "--quiet", "origin")


def test_one_clone_wins_a_claim(clones):
    first = clones.all[0]
    tasks = [first.add_task(f"Task {number}")["id"] for number in range(6)]
    first.changeling("sync").ok()
    racing = [first] + [clones.another() for _ in range(3)]

    def drain(clone):
        won = []
        while True:
            result = clone.changeling("task", "claim", "--json", "--as", clone.path.name)
            if result.code == 1:
                return won
            won.append(result.ok().json["id"])

    with concurrent.futures.ThreadPoolExecutor(len(racing)) as pool:
        won = [task for wins in pool.map(drain, racing) for task in wins]
    assert sorted(won) == sorted(tasks)


def test_several_claims_are_one_push(clones):
    first = clones.all[0]
    tasks = [first.add_task(f"Task {number}")["id"] for number in range(4)]
    first.changeling("sync").ok()
    before = int(clones.remote.git("rev-list", "--count", STATE))
    claimed = first.changeling("task", "claim", "--count", "3", "--json").ok().json["tasks"]
    assert len(claimed) == 3 and {task["id"] for task in claimed} < set(tasks)
    assert int(clones.remote.git("rev-list", "--count", STATE)) == before + 1
    second = clones.another()
    rest = second.changeling("task", "claim", "--count", "3", "--json").ok().json["tasks"]
    assert len(rest) == 1 and rest[0]["id"] not in {task["id"] for task in claimed}
    second.changeling("task", "claim", "--count", "3").expect(1)
    second.changeling("task", "claim", "--count", "0").expect(129)
    second.changeling("task", "claim", tasks[0], "--count", "2").expect(129)


def test_a_claim_is_seen_before_the_next_sync(clones):
    first = clones.all[0]
    task = first.add_task("Only one")
    first.changeling("sync").ok()
    second = clones.another()
    claim = second.claim("--as", "far")
    assert claim["lease"]["provisional"] is False
    result = first.changeling("task", "claim", "--json").expect(1)
    assert result.json["claimed"] is None
    # Looking has brought the other claim here.
    assert first.task(task["id"])["lease"]["owner"] == "far"


def test_an_unreachable_remote_gives_no_claim(clones):
    first = clones.all[0]
    task = first.add_task("Only one")
    first.changeling("sync").ok()
    clones.remote.path.rename(clones.remote.path.with_name("gone.git"))
    refused = first.changeling("task", "claim", "--json").expect(128)
    error = json.loads(refused.err.strip().splitlines()[-1])["error"]
    assert error["kind"] == "unavailable"
    assert "--offline" in error["hint"]
    assert first.task(task["id"])["status"] == "ready"
    claim = first.changeling("task", "claim", "--offline", "--json").json
    assert claim["lease"]["provisional"] is True
    shown = first.changeling("task", "show", task["id"]).ok()
    assert "provisional" in shown.out


def test_a_provisional_claim_loses_against_a_published_one(clones):
    first = clones.all[0]
    task = first.add_task("Only one")
    first.changeling("sync").ok()
    second = clones.another()
    offline = first.changeling("task", "claim", "--offline", "--as", "offline", "--json").json
    second.claim("--as", "online")
    first.changeling("sync").ok()
    assert first.task(task["id"])["lease"]["owner"] == "online"
    refused = first.changeling("task", "complete", task["id"], "--token", str(offline["lease"]["token"]))
    refused.expect(128)
    assert "online" in refused.err


def test_a_stale_token_is_refused_from_another_clone(clones, sandbox):
    first = clones.all[0]
    task = first.add_task("Only one")
    first.changeling("sync").ok()
    second = clones.another()
    slow = first.claim("--as", "slow", "--lease", "1s")
    sandbox.wait_until(
        lambda: second.changeling("task", "claim", "--as", "next", "--json").code == 0, "the lease runs out")
    # The first clone has not heard of it; completing asks the remote.
    refused = first.changeling("task", "complete", task["id"], "--token", str(slow["lease"]["token"]))
    refused.expect(128)
    assert first.task(task["id"])["lease"]["owner"] == "next"


def test_completing_without_a_connection_is_said_and_shared_later(clones):
    first = clones.all[0]
    task = first.add_task("Only one")
    first.changeling("sync").ok()
    claim = first.claim()
    gone = clones.remote.path.with_name("gone.git")
    clones.remote.path.rename(gone)
    result = first.changeling("task", "complete", task["id"], "--token", str(claim["lease"]["token"])).ok()
    assert "not shared yet" in result.err
    gone.rename(clones.remote.path)
    first.changeling("sync").ok()
    assert clones.another().task(task["id"])["status"] == "done"


def test_a_run_is_shared_without_being_asked(clones):
    first = clones.all[0]
    first.changeling("add", "sprite", "--run", "echo more >>README.md").ok()
    run = first.changeling("run", "sprite", "--json").ok().json
    second = clones.another()
    runs = second.changeling("runs", "list", "--json").json["runs"]
    assert [one["id"] for one in runs] == [run["id"]]
    assert runs[0]["outcome"] == "opened-pr"


def test_nothing_is_shared_when_autosync_is_off(clones):
    first = clones.all[0]
    first.git("config", "changeling.autosync", "false")
    first.add_task("Private")
    claim = first.claim()
    assert claim["lease"]["provisional"] is False
    assert clones.remote.branches(STATE) == []
    first.changeling("sync").ok()
    assert clones.remote.branches(STATE) == [STATE]


def test_a_state_that_the_remote_lost_is_brought_back(clones):
    first = clones.all[0]
    first.add_task("Kept")
    first.changeling("sync").ok()
    clones.remote.git("update-ref", "-d", STATE)
    result = first.changeling("sync").ok()
    assert "had lost" in result.err
    assert clones.remote.head(STATE) == first.head(STATE)


def test_a_host_that_takes_only_branches_is_named(clones, sandbox):
    first = clones.all[0]
    sandbox.write(clones.remote.path / "hooks/update",
                  '#!/bin/sh\ncase $1 in refs/heads/*) ;; *) echo "prohibited by Gerrit"; exit 1 ;; esac\n',
                  executable=True)
    refused = first.changeling("sync").expect(128)
    assert "--ref refs/heads/changeling-state" in refused.err
    first.changeling("init", "--ref", "refs/heads/changeling-state").ok()
    first.add_task("On a branch")
    first.changeling("sync").ok()
    assert clones.remote.branches("refs/heads/changeling-state") == ["refs/heads/changeling-state"]


def test_local_pull_requests_of_two_clones_keep_apart(clones):
    first = clones.all[0]
    first.changeling("add", "sprite", "--run", "echo more >>README.md").ok()
    first.changeling("add", "goblin", "--run", "echo less >>NEWS").ok()
    first.changeling("sync").ok()
    second = clones.another()
    for clone in (first, second):
        clone.git("config", "changeling.autosync", "false")
    mine = first.changeling("run", "sprite", "--json").ok().json
    second.changeling("trust", "goblin", "--yes").ok()
    theirs = second.changeling("run", "goblin", "--json").ok().json
    assert mine["pull_request"]["number"] == theirs["pull_request"]["number"] == 1
    for clone in (first, second, first):
        clone.changeling("sync").ok()
    assert len(clones.state_trees()) == 1
    pulls = first.changeling("review", "list", "--json").json["pull_requests"]
    assert [(pull["number"], pull["changeling"]) for pull in pulls] == [(1, "sprite"), (2, "goblin")]
    assert first.changeling("runs", "show", theirs["id"], "--json").json["pull_request"]["number"] == 2


def test_a_state_of_a_newer_format_is_left_alone(clones):
    first = clones.all[0]
    first.add_task("Old")
    first.changeling("sync").ok()
    blob = first.git("hash-object", "-w", "--stdin", stdin="99\n")
    listing = first.git("ls-tree", STATE).replace(first.git("rev-parse", f"{STATE}:format"), blob)
    tree = first.git("mktree", stdin=listing + "\n")
    newer = first.git("commit-tree", tree, "-p", STATE, "-m", "newer")
    first.git("push", "--quiet", "origin", f"{newer}:{STATE}")
    before = first.head(STATE)
    refused = first.changeling("sync").expect(128)
    assert "format 99" in refused.err
    assert first.head(STATE) == before


def test_a_mirrors_own_fetch_is_kept_off_the_state(clones):
    first = clones.all[0]
    first.git("config", "--add", "remote.origin.fetch", "+refs/*:refs/*")
    first.changeling("sync").ok()
    assert "^refs/changelings/*" in first.git("config", "--get-all", "remote.origin.fetch").splitlines()


def test_syncing_without_a_remote_says_what_to_do(sandbox):
    repository = sandbox.repository(name="alone")
    repository.changeling("init").ok()
    refused = repository.changeling("sync").expect(128)
    assert "git remote add origin" in refused.err
    repository.changeling("sync", "--remote", "nowhere").expect(128)
