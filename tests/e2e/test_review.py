"""Reviewing pull requests of the local forge."""

import pytest


@pytest.fixture
def proposed(repository):
    """A repository with pull request 1, which corrects the word in README.md."""
    repository.add_command("fixer", "sed -i s/teh/the/ README.md")
    assert repository.changeling("run", "fixer", "--json").ok().json["outcome"] == "opened-pr"
    return repository


def state_of(repository, number):
    return {pull["number"]: pull["state"] for pull in listed(repository, "--all")}[number]


def listed(repository, *options):
    return repository.changeling("review", "list", "--json", *options).ok().json["pull_requests"]


def test_list_has_the_promised_fields(proposed):
    pull, = listed(proposed)
    assert set(pull) >= {"number", "title", "changeling", "branch", "base", "head", "state", "url", "draft"}
    assert (pull["number"], pull["changeling"], pull["base"], pull["state"]) == (1, "fixer", "main", "open")
    assert pull["head"] == proposed.head(pull["branch"])


def test_show_as_json(proposed):
    record = proposed.changeling("review", "show", "1", "--json").ok().json
    pull = record.get("pull_request", record)
    assert pull["number"] == 1 and pull["changeling"] == "fixer"


def test_show_of_an_unknown_number(proposed):
    result = proposed.changeling("review", "show", "7").expect(128)
    assert "7" in result.err and "review list" in result.err


def test_accept_fast_forwards(proposed):
    head = listed(proposed)[0]["head"]
    proposed.changeling("review", "accept", "1").ok()
    assert proposed.head("main") == head
    assert proposed.read("README.md") == "# Example\n\nIt has the typo.\n"
    assert proposed.git("status", "--porcelain") == ""
    assert state_of(proposed, 1) == "merged"


def test_accept_makes_a_merge_commit_when_the_base_moved(proposed):
    base = proposed.commit({"other": "news\n"}, "meanwhile")
    head = listed(proposed)[0]["head"]
    proposed.changeling("review", "accept", "1").ok()
    assert proposed.git("log", "-1", "--format=%P", "main").split() == [base, head]
    assert proposed.read("README.md") == "# Example\n\nIt has the typo.\n"
    assert proposed.read("other") == "news\n"
    assert proposed.git("status", "--porcelain") == ""


def test_a_conflict_is_reported_and_changes_nothing(proposed):
    proposed.commit({"README.md": "# Example\n\nRewritten.\n"}, "meanwhile")
    before = proposed.user_state()
    result = proposed.changeling("review", "accept", "1")
    assert result.code in (1, 128)
    assert "README.md" in result.err
    assert proposed.user_state() == before
    assert state_of(proposed, 1) == "open"


def test_accept_refuses_to_overwrite_uncommitted_changes(proposed):
    proposed.write("README.md", "# My unsaved work\n")
    before = proposed.user_state()
    result = proposed.changeling("review", "accept", "1")
    assert result.code in (1, 128)
    assert "README.md" in result.err
    assert proposed.user_state() == before
    assert state_of(proposed, 1) == "open"


def test_accept_keeps_unrelated_uncommitted_changes(proposed):
    proposed.write("untracked", "mine\n")
    proposed.changeling("review", "accept", "1").ok()
    assert proposed.read("untracked") == "mine\n"
    assert proposed.git("status", "--porcelain") == "?? untracked"


def test_accept_while_another_branch_is_checked_out(proposed):
    proposed.git("checkout", "--quiet", "-b", "topic")
    head = listed(proposed)[0]["head"]
    files = proposed.user_state()["files"]
    proposed.changeling("review", "accept", "1").ok()
    assert proposed.head("main") == head
    assert proposed.git("branch", "--show-current") == "topic"
    assert proposed.user_state()["files"] == files


def test_accept_when_the_base_is_checked_out_in_another_worktree(proposed, sandbox):
    proposed.git("checkout", "--quiet", "-b", "topic")
    proposed.git("worktree", "add", "--quiet", str(sandbox.root / "side"), "main")
    side = sandbox.adopt(sandbox.root / "side")
    result = proposed.changeling("review", "accept", "1")
    # Either both move together or nothing does; a worktree that lags behind its branch shows a reverted change.
    assert side.git("status", "--porcelain") == ""
    assert state_of(proposed, 1) == ("merged" if result.code == 0 else "open")


def test_accept_twice_changes_nothing_more(proposed):
    proposed.changeling("review", "accept", "1").ok()
    tips = [proposed.head("main"), proposed.head("refs/changelings/state")]
    assert "already" in proposed.changeling("review", "accept", "1").ok().out
    assert [proposed.head("main"), proposed.head("refs/changelings/state")] == tips


def test_reject_closes_and_removes_the_branch_from_review(proposed):
    proposed.changeling("review", "reject", "1").ok()
    assert state_of(proposed, 1) == "closed"
    assert [pull for pull in listed(proposed) if pull["state"] == "open"] == []
    assert proposed.read("README.md") == "# Example\n\nIt has teh typo.\n"


def test_a_second_rejection_says_what_the_first_said(proposed):
    proposed.changeling("review", "reject", "1", "--reason", "one").ok()
    error = proposed.changeling("review", "reject", "1", "--reason", "again", "--json").expect(128).error
    assert error["message"] == "#1 is rejected already: one"
    shown = proposed.changeling("review", "show", "1").ok().out
    assert "rejected by Test Person: one" in shown and "again" not in shown
    assert proposed.changeling("review", "show", "1", "--json").ok().json["close_reason"] == "one"
    branch = proposed.changeling("review", "show", "1", "--json").ok().json["branch"]
    proposed.changeling("review", "reject", "1", "--delete-branch").ok()
    assert "refs/heads/" + branch not in proposed.branches()


def test_a_branch_that_another_git_has_locked_is_not_deleted_and_its_lock_named(proposed):
    branch = proposed.changeling("review", "show", "1", "--json").ok().json["branch"]
    lock = proposed.common_directory() / "refs" / "heads" / f"{branch}.lock"
    lock.write_text("")
    result = proposed.changeling("review", "accept", "1", "--delete-branch").ok()
    assert f"could not delete {branch}" in result.err and f"{lock} exists" in result.err
    assert "refs/heads/" + branch in proposed.branches()
    lock.unlink()
    proposed.check()


def test_reject_after_accept_is_refused(proposed):
    before = proposed.head("main")
    proposed.changeling("review", "accept", "1").ok()
    error = proposed.changeling("review", "reject", "1", "--json").expect(128).error
    assert "merged" in error["message"]
    command = error["hint"].split("with: ", 1)[1]
    assert command.startswith("git revert ")
    proposed.git(*command.split()[1:])
    assert proposed.git("diff", before, "main") == ""


def test_a_person_may_add_commits_to_the_branch_before_accepting(proposed):
    branch = listed(proposed)[0]["branch"]
    proposed.git("checkout", "--quiet", branch)
    by_hand = proposed.commit({"by-hand": "1\n"}, "by hand")
    proposed.git("checkout", "--quiet", "main")
    refusal = proposed.changeling("review", "accept", "1").expect(128).err
    assert "commits that were not checked" in refusal and f"--head {by_hand}" in refusal
    assert proposed.head("main") != by_hand
    proposed.changeling("review", "accept", "1", "--head", by_hand).ok()
    assert proposed.head("main") == by_hand


def test_what_an_agent_writes_commands_no_terminal(repository):
    repository.add_command("trickster", r'printf "\033]0;pwn\007title\n\nbody \033[2J\n" '
                                        r'>$CHANGELING_ARTIFACTS/pull-request.md; echo >"$(printf "n\033[2J\nF")"')
    run = repository.changeling("run", "trickster").ok()
    record, = repository.runs()
    shown = [run.out, run.err, repository.changeling("runs", "show", record["id"]).ok().out,
             repository.changeling("review", "show", "1").ok().out]
    assert [text for text in shown if "\x1b" in text or "\a" in text] == []
    assert r'"n\033[2J\nF"' in shown[-1]
