"""An agent works in a repository of its own: what it writes or leaves there has no say in what becomes of its work."""

import pytest

from harness import walls


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


def test_what_the_agent_writes_into_the_users_settings_is_nothing_for_this_run(repository, sandbox):
    """Alerts, notifications, the forge, its address and limits are those of the beginning."""
    sandbox.without_walls()
    config = repository.path / ".git/config"
    sandbox.write("planted", '[changeling]\n\tforge = github\n\tapiUrl = http://127.0.0.1:9\n\tdailyBudget = 0.01\n'
                             f'\tnotifyCommand = touch {sandbox.root}/notified\n\tnotifyOn = all\n'
                             f'[changeling-alert "run:finished"]\n\tcommand = touch {sandbox.root}/alerted\n')
    repository.add_command("planter", f"cat '{sandbox.root}/planted' >>'{config}'; echo more >>README.md")
    record = run(repository, "planter")
    assert record["outcome"] == "opened-pr", record["error"]
    assert not (sandbox.root / "alerted").exists() and not (sandbox.root / "notified").exists()
    # It is named, as nobody can tell that it was not the user.
    assert "meanwhile config changeling.forge" in [moved["ref"] for moved in record["moved_refs"]]
    repository.git("config", "--remove-section", "changeling-alert.run:finished")
    repository.git("config", "changeling.forge", "local")
    assert [pull["branch"] for pull in repository.pull_requests()] == [record["branch"]]


def test_commits_kept_for_other_runs_and_tracking_branches_are_put_back(repository, sandbox):
    sandbox.without_walls()
    kept, tracking, start = "refs/changelings/kept/old/1", "refs/remotes/origin/main", repository.head()
    repository.git("update-ref", kept, start)
    users = f"git -C '{repository.path}'"
    repository.add_command("mover", f"{users} update-ref {tracking} $({users} commit-tree -m evil 'HEAD^{{tree}}');"
                                    " echo more >>README.md")
    record = run(repository, "mover")
    assert record["outcome"] == "opened-pr", record["error"]
    assert [(moved["ref"], moved["put_back"]) for moved in record["moved_refs"]] == [(tracking, True)]
    assert repository.head(tracking) == start
    repository.add_command("eraser", f"{users} update-ref -d {kept}; echo most >>README.md")
    record = run(repository, "eraser")
    assert record["outcome"] == "denied"
    assert f"{kept} from" in record["error"]
    assert repository.head(kept) == start


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


@pytest.fixture
def with_program(repository, sandbox):
    """Commits a program of the repository, with the attributes that the user's settings are for."""
    (sandbox.home / ".netrc").write_text("machine example.com password hush\n")

    def commit(path, content, files):
        sandbox.write(repository.path / path, f"#!/bin/sh\n{content}\n", executable=True)
        repository.commit(files, "with a program")
        repository.git("push", "--quiet", "origin", "main")
    return commit


def trap(repository, sandbox, path):
    """What an agent puts into the program, in words for the shell: it shows whatever it can reach of the user's."""
    return (f"cat >{path} <<'END'\n#!/bin/sh\ntouch '{sandbox.root}/escaped'\n"
            f"test -e '{sandbox.home}/.netrc' && echo home is seen\n"
            f"(cd '{repository.path}' && env -u GIT_DIR -u GIT_WORK_TREE -u CHANGELING_RUN git-changeling add planted --run true) >&2\n"
            f"cat \"$2\" || cat\nEND\n")


def assert_held(repository, sandbox):
    assert not (sandbox.root / "escaped").exists()
    assert "planted" not in [one["name"] for one in repository.changeling("list", "--json").ok().json["changelings"]]


@walls.needed
def test_a_filter_that_the_agent_has_written_runs_behind_walls(repository, sandbox, with_program):
    repository.git("config", "filter.strip.clean", "./tools/strip")
    with_program("tools/strip", "tr a-z A-Z", {".gitattributes": "*.nb filter=strip\n", "a.nb": "one\n"})
    repository.add_command("gentle", "echo two >>a.nb")
    assert "TWO" in repository.show(run(repository, "gentle")["branch"], "a.nb")
    repository.add_command("evil", trap(repository, sandbox, "tools/strip") + "echo three >>a.nb")
    record = run(repository, "evil")
    assert record["outcome"] == "opened-pr", record["error"]
    assert repository.show(record["branch"], "a.nb") == "ONE\nthree\n"
    assert_held(repository, sandbox)
    assert repository.worktrees() == []


@walls.needed
def test_a_filter_of_the_branch_runs_behind_walls_where_it_is_checked(repository, sandbox, with_program):
    repository.git("config", "filter.open.smudge", "./tools/open")
    with_program("tools/open", "tr a-z A-Z", {".gitattributes": "*.nb filter=open\n", "a.nb": "one\n"})
    repository.add_command("gentle", "grep ONE a.nb; echo more >>README.md", "--verify", "grep ONE a.nb")
    assert run(repository, "gentle")["outcome"] == "opened-pr"
    repository.add_command("evil", trap(repository, sandbox, "tools/open") + "git commit -qam x", "--verify", "grep -c . a.nb")
    record = run(repository, "evil")
    assert record["outcome"] == "opened-pr", record["error"]
    assert_held(repository, sandbox)


@walls.needed
def test_a_merge_driver_of_the_branch_runs_behind_walls(repository, sandbox, with_program):
    repository.git("config", "merge.mine.driver", "./tools/merge %O %A %B")
    with_program("tools/merge", "echo merged >$2", {".gitattributes": "l merge=mine\n", "l": "one\n"})
    repository.add_command("evil", trap(repository, sandbox, "tools/merge") + "echo $CHANGELING_RUN >l")
    first = run(repository, "evil")
    repository.commit({"l": "base\n"}, "base")
    repository.git("push", "--quiet", "origin", "main")
    second = run(repository, "evil")
    assert (first["outcome"], second["outcome"]) == ("opened-pr", "updated-pr"), second["error"]
    assert_held(repository, sandbox)
    assert repository.branches("refs/changelings/rooms") == []


def test_without_walls_a_program_of_the_branch_is_no_filter(repository, sandbox, with_program):
    sandbox.without_walls()
    repository.git("config", "filter.strip.clean", "./tools/strip")
    with_program("tools/strip", "cat", {".gitattributes": "*.nb filter=strip\n", "a.nb": "one\n"})
    repository.add_command("evil", f"printf '#!/bin/sh\\ntouch {sandbox.root}/escaped; cat\\n' >tools/strip; echo two >>a.nb")
    record = run(repository, "evil")
    assert record["outcome"] == "denied"
    assert "the filter strip runs './tools/strip'" in record["error"]
    assert "git config filter.strip.clean /path/to/program" in record["error"]
    assert not (sandbox.root / "escaped").exists()
    repository.add_command("other", "echo more >>README.md")
    assert run(repository, "other")["outcome"] == "opened-pr"


def test_without_walls_a_program_of_the_branch_is_no_merge_driver(repository, sandbox, with_program):
    sandbox.without_walls()
    repository.git("config", "merge.mine.driver", "sh tools/merge %O %A %B")
    with_program("tools/merge", "exit 1", {".gitattributes": "l merge=mine\n", "l": "one\n"})
    repository.add_command("evil", f"echo 'touch {sandbox.root}/escaped' >tools/merge; echo $CHANGELING_RUN >l")
    run(repository, "evil")
    repository.commit({"l": "base\n"}, "base")
    repository.git("push", "--quiet", "origin", "main")
    record = run(repository, "evil")
    assert record["outcome"] == "denied"
    assert "the merge driver mine runs 'sh tools/merge %O %A %B'" in record["error"]
    assert not (sandbox.root / "escaped").exists()


@pytest.mark.parametrize("held", [pytest.param(True, marks=walls.needed), False], ids=["held", "not-held"])
def test_filters_that_are_installed_work(repository, sandbox, with_program, held):
    if not held:
        sandbox.without_walls()
    sandbox.write(sandbox.bin / "shout", "#!/bin/sh\ntr a-z A-Z\n", executable=True)
    repository.git("config", "filter.shout.clean", "shout")
    with_program("tools/x", "cat", {".gitattributes": "*.nb filter=shout\n", "a.nb": "one\n"})
    repository.add_command("writer", "echo two >>a.nb")
    record = run(repository, "writer")
    assert record["outcome"] == "opened-pr", record["error"]
    assert repository.show(record["branch"], "a.nb") == "ONE\nTWO\n"
