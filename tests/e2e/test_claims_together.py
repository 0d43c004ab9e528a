"""Claims that wait for one another are written by one of them, and stay each person's own."""

import contextlib
import fcntl
import struct

STATE = "refs/changelings/state"
PEOPLE = ("Ann", "Bob", "Cleo")
# As src/store/board_file.cpp lays it out.
PLACES, BYTES_PER_PLACE, PHASE_BITS, WAITING = 64, 64, 7, 1


def waiting(board):
    """How many stand on the board."""
    page = board.read_bytes() if board.exists() else b""
    words = (struct.unpack_from("=I", page, place * BYTES_PER_PLACE)[0]
             for place in range(PLACES) if len(page) >= (place + 1) * BYTES_PER_PLACE)
    return sum(word & PHASE_BITS == WAITING for word in words)


@contextlib.contextmanager
def held(lock):
    with open(lock, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def moves(git):
    return len(git("reflog", "show", STATE).splitlines())


def claim_at_once(repository, sandbox, lock):
    """The answers to one claim of each, who all come while the lock is held."""
    folder = repository.common_directory() / "changelings"
    with held(folder / f"{lock}.lock"):
        started = [repository.start("task", "claim", "--as", person, "--json",
                                    env={"GIT_AUTHOR_NAME": person, "GIT_AUTHOR_EMAIL": f"{person}@example.com"})
                   for person in PEOPLE]
        sandbox.wait_until(lambda: waiting(folder / f"{lock}.board") == len(PEOPLE), "all of them wait")
    return [program.finish().ok().json for program in started]


def check(repository, claims):
    assert len({claim["id"] for claim in claims}) == len(PEOPLE)
    assert [claim["lease"]["owner"] for claim in claims] == list(PEOPLE)
    assert {claim["lease"]["token"] for claim in claims} == {1}
    log = repository.git("log", f"--max-count={len(PEOPLE)}", "--format=%an: %s", STATE).splitlines()
    assert sorted(log) == sorted(f"{claim['lease']['owner']}: claim {claim['id']}: {claim['lease']['owner']}"
                                 for claim in claims)
    assigned = [event["task"] for event in repository.events() if event["event"] == "work:assigned"]
    assert sorted(assigned) == sorted(claim["id"] for claim in claims)
    assert sorted(task["id"] for task in repository.tasks("--status", "in_flight")) == sorted(assigned)


def with_tasks(repository):
    repository.git("config", "core.logAllRefUpdates", "always")
    repository.changeling("init").ok()
    for number in range(len(PEOPLE) + 2):
        repository.add_task(f"Task {number}")
    return repository


def test_claims_at_once_are_one_step_with_a_commit_each(sandbox):
    repository = with_tasks(sandbox.repository())
    before = moves(repository.git)
    claims = claim_at_once(repository, sandbox, "store")
    check(repository, claims)
    assert moves(repository.git) == before + 1
    # Each is an operation of its own, by its person.
    for claim in claims:
        newest, _ = repository.operations("--task", claim["id"])
        assert newest["kind"] == "task.claim"
        assert newest["actor"] == f"{claim['lease']['owner']} <{claim['lease']['owner']}@example.com>"
    refusal = repository.changeling("undo", repository.head(f"{STATE}~1")).expect(128).err
    [named] = [claim["id"] for claim in claims if claim["id"] in refusal]
    assert f"release {named}" in refusal


def test_claims_at_once_are_one_push(sandbox):
    repository = with_tasks(sandbox.repository(remote="bare"))
    repository.changeling("sync").ok()
    before = moves(repository.git)
    claims = claim_at_once(repository, sandbox, "sync")
    check(repository, claims)
    assert moves(repository.git) == before + 1
    [published] = repository.git("ls-remote", "origin", STATE).splitlines()
    assert published.split()[0] == repository.git("rev-parse", STATE).strip()
