"""The harness itself: a check that cannot fail would make every other test worthless."""

import pytest


def test_the_environment_is_empty_but_for_the_sandbox(sandbox, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "leak")
    variables = sandbox.run("env").ok().out
    assert "leak" not in variables
    assert f"HOME={sandbox.home}" in variables.splitlines()


def test_the_program_is_found_as_a_git_command(sandbox):
    assert sandbox.run("sh", "-c", "command -v git-changeling").ok().out.strip() == f"{sandbox.bin}/git-changeling"


def test_fsck_notices_a_damaged_repository(sandbox):
    repo = sandbox.repository(name="damaged")
    blob = repo.head("HEAD:README.md")
    (repo.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(AssertionError, match="fsck is not clean"):
        repo.check()
    sandbox.run("rm", "-rf", repo.path).ok()  # Or the check after the test finds it too.


def test_a_process_left_over_by_a_run_is_noticed_and_ended(sandbox):
    orphan = sandbox.start("sleep", "600", env={"CHANGELING_RUN": "1"})
    sandbox.wait_until(lambda: orphan.pid in sandbox.agent_processes(), "the process shows in /proc")
    with pytest.raises(AssertionError, match="outlived the test"):
        sandbox.check_nothing_left_over()
    assert orphan.finish().code == -9


def test_user_state_sees_every_kind_of_change(sandbox):
    repo = sandbox.repository(files={"one": "1\n", "two": "2\n"})
    states = [repo.user_state()]
    repo.write("one", "changed\n")
    states.append(repo.user_state())
    repo.git("add", "one")
    states.append(repo.user_state())
    repo.write("new", "untracked\n")
    states.append(repo.user_state())
    repo.git("branch", "other")
    states.append(repo.user_state())
    assert states[-1] == repo.user_state()
    for earlier, later in zip(states, states[1:]):
        assert earlier != later


def test_json_of_a_result_must_be_one_document(sandbox):
    with pytest.raises(AssertionError, match="not JSON"):
        sandbox.run("echo", "progress {}").json
    assert sandbox.run("echo", '{"a": 1}').json == {"a": 1}
