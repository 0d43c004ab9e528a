"""An agent works in a repository of its own: what it writes or leaves there has no say in what becomes of its work."""


def run(repository, name):
    return repository.changeling("run", name, "--json").json


def test_the_check_sees_the_commit_that_is_proposed_and_nothing_else(repository):
    repository.commit({".gitignore": "left-over\n"}, "ignore")
    repository.add_command("cheat", "touch left-over; echo more >> README.md", "--verify", "test -e left-over")
    record = run(repository, "cheat")
    assert record["outcome"] == "verification-failed"
    assert repository.pull_requests() == []
    assert repository.worktrees() == []


def test_setup_runs_before_the_check_too_and_what_the_check_writes_is_no_work(repository, sandbox):
    repository.commit({".gitignore": "built\n"}, "ignore")
    repository.add_command("builder", "test -e built; echo more >> README.md",
                           "--setup", f"pwd >> '{sandbox.marks}/setups'; touch built",
                           "--verify", "test -e built && echo checked >> README.md")
    record = run(repository, "builder")
    assert record["outcome"] == "opened-pr"
    first, second = (sandbox.marks / "setups").read_text().split("\n", 1)
    assert first != second.strip()
    assert "checked" not in repository.show(record["branch"], "README.md")
    assert repository.worktrees() == []


def test_settings_of_the_user_are_those_of_the_beginning(repository, sandbox):
    sandbox.without_walls()
    elsewhere = sandbox.root / "elsewhere.git"
    repository.git("init", "--quiet", "--bare", str(elsewhere))
    config, hooks = repository.path / ".git/config", repository.path / ".git/hooks"
    repository.add_command(
        "planter",
        f"printf '[remote \"origin\"]\\n\\tpushurl = %s\\n' '{elsewhere}' >> '{config}';"
        f" mkdir -p '{hooks}'; printf '#!/bin/sh\\ntouch {sandbox.marks}/hooked\\n' > '{hooks}/reference-transaction';"
        f" chmod +x '{hooks}/reference-transaction'; echo more >> README.md")
    record = run(repository, "planter")
    assert record["outcome"] == "opened-pr"
    assert repository.remote.head(record["branch"]) == record["head"]
    assert repository.git("--git-dir", str(elsewhere), "for-each-ref", "refs/heads") == ""
    assert not (sandbox.marks / "hooked").exists()


def test_the_work_is_found_without_the_repository_that_the_agent_deleted(repository):
    repository.add_command("eraser", "echo more >> README.md; rm -rf .git")
    record = run(repository, "eraser")
    assert record["outcome"] == "opened-pr"
    assert "more" in repository.show(record["branch"], "README.md")
    assert repository.worktrees() == [] and repository.branches("refs/changelings/rooms") == []


def test_an_agent_sees_the_base_under_the_names_that_people_expect(repository):
    repository.git("tag", "v1")
    repository.add_command("looker", "git log -1 --format=%H origin/main main HEAD | sort -u | wc -l > seen;"
                                     " git describe --tags >> seen; git push -q origin HEAD:evil || echo no >> seen")
    record = run(repository, "looker")
    assert record["outcome"] == "opened-pr"
    assert repository.show(record["branch"], "seen").split() == ["1", "v1", "no"]
    assert repository.remote.branches("refs/heads/evil") == []
