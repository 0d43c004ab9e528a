"""What a changeling learns from its runs: which targets to leave alone, and when a review is waited for."""

import pytest

from harness.stepped_clock import SteppedClock

# Resolves the first FIXME that its instructions do not forbid, as an agent would.
FIXER = r'''
rest=$(sed -n 's/^- `\(.*\)`: .*alone until.*/\1/p; s/^- `\(.*\)`: pull request.*/\1/p; s/^- `\(.*\)`: was merged.*/\1/p' "$CHANGELING_PROMPT_FILE")
for file in a.c b.c c.c; do
  grep -q FIXME "$file" || continue
  if printf '%s\n' "$rest" | grep -qx "$file"; then continue; fi
  echo "$file" > "$CHANGELING_ARTIFACTS/target"
  test ! -e "MARKS/fail-$file" || exit 1
  echo done > "$file"
  exit 0
done
'''


@pytest.fixture
def clock(sandbox):
    return SteppedClock(sandbox, "2026-11-02 12:00:00")


@pytest.fixture
def fixer(clock, sandbox):
    repo = sandbox.repository({name: "FIXME\n" for name in ("a.c", "b.c", "c.c")}, "bare")
    repo.changeling("init").ok()
    repo.add_command("fixer", FIXER.replace("MARKS", str(sandbox.marks)), "--max-open-prs", "5")
    return repo


def run(repository, outcome="opened-pr"):
    record = repository.changeling("run", "fixer", "--json").json
    assert record["outcome"] == outcome, record
    return record


def test_a_target_with_an_open_pull_request_is_left_alone(fixer):
    runs = [run(fixer) for _ in range(3)]
    assert [record["target"] for record in runs] == ["a.c", "b.c", "c.c"]
    assert run(fixer, "no-changes")["target"] is None
    assert any(line.split() == ["target", "a.c"] for line in fixer.in_terminal("runs", "show", runs[0]["id"]))


def test_a_failed_target_has_its_turn_again_later_and_later(fixer, sandbox, clock):
    sandbox.write("marks/fail-a.c", "")
    assert run(fixer, "failed")["target"] == "a.c"
    assert run(fixer)["target"] == "b.c"
    clock.advance(days=1)
    assert run(fixer, "failed")["target"] == "a.c"
    clock.advance(days=1)
    assert run(fixer)["target"] == "c.c"
    clock.advance(days=1)
    assert run(fixer, "failed")["target"] == "a.c"


def test_a_rejected_target_rests_for_a_month(fixer, clock):
    first = run(fixer)
    fixer.changeling("review", "reject", str(first["pull_request"]["number"])).ok()
    assert run(fixer)["target"] == "b.c"
    clock.advance(days=29)
    assert run(fixer)["target"] == "c.c"
    clock.advance(days=1)
    # The same change again is recognised, as ever; the target was free to be chosen.
    assert run(fixer, "no-changes")["target"] == "a.c"


def test_a_merged_target_is_done(fixer, clock):
    first = run(fixer)
    fixer.changeling("review", "accept", str(first["pull_request"]["number"])).ok()
    assert run(fixer)["target"] == "b.c"
    fixer.commit({"a.c": "FIXME again\n"}, "a new one")
    fixer.git("push", "--quiet")
    clock.advance(days=1)
    assert run(fixer)["target"] == "a.c"


def test_a_schedule_waits_for_review_while_the_base_stands_still(clock, sandbox):
    repo = sandbox.repository(remote="bare")
    repo.changeling("init").ok()
    started = sandbox.marks / "started"
    repo.add_command("sprite", f"echo x >> {started}; echo more >> README.md", "--schedule", "0 3 * * *")

    def night(day):
        clock.set(f"2026-11-{day:02} 03:00:10")
        assert len(repo.changeling("tick", "--json").ok().json["due"]) == 1
        return sandbox.wait_until(lambda: [r for r in repo.runs() if r["status"] == "finished"
                                           and r["scheduled_for"] == f"2026-11-{day:02}T03:00:00.000Z"],
                                  "the run is finished")[0]

    first = night(3)
    assert first["outcome"] == "opened-pr"
    second = night(4)
    assert second["outcome"] == "no-changes"
    assert second["error"] == f"pull request 1 waits for review, and main has not moved since run {first['id']}"
    assert started.read_text() == "x\n"
    repo.commit({"other.txt": "news\n"}, "the base moves")
    repo.git("push", "--quiet")
    assert night(5)["outcome"] == "updated-pr"
    # By hand one can always insist.
    repo.changeling("run", "sprite").ok()
    assert started.read_text() == "x\n" * 3


def test_a_schedule_takes_up_what_a_reviewer_said_once(clock, sandbox):
    repo = sandbox.repository(remote="bare")
    repo.changeling("init").ok()
    started = sandbox.marks / "started"
    repo.add_command("sprite", f"echo x >> {started}; test $(wc -l < {started}) -gt 1 || echo more >> README.md",
                     "--schedule", "0 3 * * *")

    def night(day):
        clock.set(f"2026-11-{day:02} 03:00:10")
        repo.changeling("tick").ok()
        run = sandbox.wait_until(lambda: [r for r in repo.runs() if r["status"] == "finished"
                                          and r["scheduled_for"] == f"2026-11-{day:02}T03:00:00.000Z"],
                                 "the run is finished")[0]
        return run["outcome"], started.read_text().count("x")

    assert night(3) == ("opened-pr", 1)
    assert night(4) == ("no-changes", 1)
    clock.set("2026-11-04 12:00:00")
    repo.changeling("review", "comment", "1", "Why?", "--file", "README.md", "--line", "1").ok()
    assert night(5) == ("no-changes", 2), "its agent was asked, and changed nothing"
    assert night(6) == ("no-changes", 2), "nothing more was said"
