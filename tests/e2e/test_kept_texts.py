"""What somebody typed into an editor is not lost to a mistake in it."""

import hashlib
import stat

import pytest


def editor(sandbox, script):
    """An editor that is a shell script; $1 is the file."""
    name = f"bin/editor-{hashlib.sha256(script.encode()).hexdigest()[:12]}"
    return {"GIT_EDITOR": str(sandbox.write(name, f"#!/bin/sh\n{script}\n", executable=True))}


def seen(sandbox):
    """An editor that shows what it was given, and the way to what it saw."""
    copy = sandbox.root / "seen"
    return editor(sandbox, f'cat "$1" > "{copy}"'), copy


@pytest.fixture
def broken(repository, sandbox):
    """A changeling whose edit has failed; the repository knows the error."""
    repository.add_command("sprite", "true", "--description", "old")
    result = repository.changeling("edit", "sprite", env=editor(sandbox, 'sed -i "s/^run/rnn/" "$1"')).expect(128)
    repository.refusal = result.err
    return repository


def test_the_text_of_a_failed_edit_is_opened_again_below_the_error(broken, sandbox):
    assert "the same command opens it again" in broken.refusal
    env, copy = seen(sandbox)
    again = broken.changeling("edit", "sprite", env=env).expect(128)
    text = copy.read_text()
    comments = [line for line in text.splitlines() if line.startswith("#! ")]
    place = next(line for line in comments if "sprite.toml:" in line)
    # The error names the line as it is in the text that is shown.
    number = int(place.split("sprite.toml:")[1].split(":")[0])
    assert text.splitlines()[number - 1].startswith("rnn")
    assert place.removeprefix("#! ") in again.err
    # Nothing piles up.
    broken.changeling("edit", "sprite", env=env).expect(128)
    assert copy.read_text() == text


def test_a_mended_text_is_written_and_gone(broken, sandbox):
    broken.changeling("edit", "sprite", env=editor(sandbox, 'sed -i "s/^rnn/run/; s/old/new/" "$1"')).ok()
    assert broken.changeling("show", "sprite", "--json").ok().json["description"] == "new"
    env, copy = seen(sandbox)
    assert "Nothing changed" in broken.changeling("edit", "sprite", env=env).ok().out
    assert "rnn" not in copy.read_text() and "#!" not in copy.read_text()


def test_a_text_is_given_up_by_deleting_it(broken, sandbox):
    assert "Nothing changed" in broken.changeling("edit", "sprite", env=editor(sandbox, ': > "$1"')).ok().out
    env, copy = seen(sandbox)
    broken.changeling("edit", "sprite", env=env).ok()
    assert "rnn" not in copy.read_text()


def test_it_lies_where_only_its_owner_reads(broken):
    file = broken.common_directory() / "changelings" / "edit" / "sprite.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_an_editor_that_fails_loses_nothing(repository, sandbox):
    repository.add_command("sprite", "true", "--description", "old")
    repository.changeling("edit", "sprite", env=editor(sandbox, 'sed -i s/old/typed/ "$1"; exit 1')).expect(128)
    env, copy = seen(sandbox)
    repository.changeling("edit", "sprite", env=env).ok()
    assert "typed" in copy.read_text() and "failed" in copy.read_text()


def test_an_editor_that_fails_at_once_keeps_nothing(repository, sandbox):
    repository.add_command("sprite", "true")
    repository.changeling("edit", "sprite", env=editor(sandbox, "exit 1")).expect(128)
    assert [file.name for file in (repository.common_directory() / "changelings" / "edit").iterdir()
            if not file.name.endswith(".lock")] == []


def test_a_new_task_is_kept(repository, sandbox):
    fill = editor(sandbox, 'sed -i "s/^Title:.*/Title: Mend it/; s/^Priority:.*/Priority: soon/" "$1"')
    assert "opens it again" in repository.changeling("task", "add", env=fill).expect(128).err
    env, copy = seen(sandbox)
    repository.changeling("task", "add", env=env).expect(128)
    assert "Title: Mend it" in copy.read_text() and "soon" in copy.read_text().splitlines()[0]
    repository.changeling("task", "add", env=editor(sandbox, 'sed -i "s/^Priority:.*/Priority: high/" "$1"')).ok()
    assert [(task["title"], task["priority"]) for task in repository.tasks()] == [("Mend it", "high")]
    assert repository.changeling("task", "add", env=env).expect(1)
    assert "Mend it" not in copy.read_text()


def test_an_edit_of_a_task_is_kept(repository, sandbox):
    task = repository.add_task("One")["id"]
    wrong = editor(sandbox, 'sed -i "s/^Blocked-by:.*/Blocked-by: zzzzzzzz/; s/One/Two/" "$1"')
    repository.changeling("task", "edit", task, env=wrong).expect(128)
    assert repository.task(task)["title"] == "One"
    repository.changeling("task", "edit", task, env=editor(sandbox, 'sed -i "s/^Blocked-by:.*/Blocked-by:/" "$1"')).ok()
    assert repository.task(task)["title"] == "Two"


def kept_files(repository):
    folder = repository.common_directory() / "changelings" / "edit"
    return [file.name for file in folder.iterdir() if not file.name.endswith(".lock")]


def description(repository):
    return repository.changeling("show", "sprite", "--json").ok().json["description"]


def during(sandbox, command, script):
    """An editor during whose session something else changes the same."""
    return editor(sandbox, f'(unset GIT_EDITOR; {command}) >/dev/null\n{script}')


def test_two_edits_at_once_lose_neither(repository, sandbox):
    repository.add_command("sprite", "true", "--description", "old")
    sandbox.write("bin/inner", '#!/bin/sh\nsed -i s/old/inner/ "$1"\n', executable=True)
    outer = editor(sandbox, f'GIT_EDITOR={sandbox.bin}/inner git-changeling edit sprite >/dev/null\n'
                            'grep -q old "$1" && sed -i s/old/outer/ "$1"')
    refusal = repository.changeling("edit", "sprite", env=outer, cwd=repository.path).expect(128).err
    assert 'sprite was changed meanwhile:\n  description = "inner"' in refusal
    assert description(repository) == "inner"
    # Once seen, what the text says counts.
    copy = sandbox.root / "copy"
    again = editor(sandbox, f'cp "$1" "{copy}"; sed -i s/outer/both/ "$1"')
    repository.changeling("edit", "sprite", env=again).ok()
    assert '#! description = "inner"' in copy.read_text() and '\ndescription = "outer"' in copy.read_text()
    assert description(repository) == "both"
    assert kept_files(repository) == []


def test_fields_that_others_change_during_an_edit_stay(repository, sandbox):
    repository.add_command("sprite", "true", "--description", "old")
    env = during(sandbox, "git-changeling update sprite --timezone Europe/Rome", 'sed -i s/old/new/ "$1"')
    repository.changeling("edit", "sprite", env=env).ok()
    shown = repository.changeling("show", "sprite", "--json").ok().json
    assert (shown["description"], shown["timezone"]) == ("new", "Europe/Rome")


def test_a_kept_text_does_not_bring_old_values_back(broken, sandbox):
    broken.changeling("update", "sprite", "--timezone", "Europe/Rome", "--description", "newer").ok()
    broken.changeling("edit", "sprite", env=editor(sandbox, 'sed -i "s/^rnn/max_open_prs = 3\\nrun/" "$1"')).ok()
    shown = broken.changeling("show", "sprite", "--json").ok().json
    assert (shown["description"], shown["timezone"], shown["max_open_prs"]) == ("newer", "Europe/Rome", 3)
    assert kept_files(broken) == []


def test_a_kept_text_and_a_newer_value_are_both_shown(broken, sandbox):
    broken.changeling("update", "sprite", "--description", "newer").ok()
    mend = editor(sandbox, 'sed -i "s/^rnn/run/; s/old/mine/" "$1"')
    assert 'description = "newer"' in broken.changeling("edit", "sprite", env=mend).expect(128).err
    assert description(broken) == "newer"
    # Theirs is taken by writing it down.
    theirs = editor(sandbox, 'sed -i "s/mine/newer/" "$1"')
    assert "Nothing changed" in broken.changeling("edit", "sprite", env=theirs).ok().out
    assert description(broken) == "newer"


def test_a_form_does_not_overwrite_what_others_wrote(repository, sandbox):
    task = repository.add_task("One")["id"]
    env = during(sandbox, f"git-changeling task edit {task} --title Theirs --label x",
                 'sed -i "s/^Title:.*/Title: Mine/; s/^Role:.*/Role: fixer/" "$1"')
    refusal = repository.changeling("task", "edit", task, env=env).expect(128).err
    assert f"task {task} was changed meanwhile:\n  Title: Theirs" in refusal
    assert repository.task(task)["title"] == "Theirs"
    repository.changeling("task", "edit", task, env=editor(sandbox, ":")).ok()
    written = repository.task(task)
    assert (written["title"], written["role"], written["labels"]) == ("Mine", "fixer", ["x"])
    assert kept_files(repository) == []


def test_a_kept_form_brings_no_old_values_back(repository, sandbox):
    task = repository.add_task("One", "--label", "old")["id"]
    wrong = editor(sandbox, 'sed -i "s/^Blocked-by:.*/Blocked-by: zzzzzzzz/; s/One/Two/" "$1"')
    repository.changeling("task", "edit", task, env=wrong).expect(128)
    repository.changeling("task", "edit", task, "--label", "new", "--description", "newer").ok()
    repository.changeling("task", "edit", task, env=editor(sandbox, 'sed -i "s/^Blocked-by:.*/Blocked-by:/" "$1"')).ok()
    written = repository.task(task)
    assert (written["title"], written["labels"], written["description"]) == ("Two", ["new"], "newer")
