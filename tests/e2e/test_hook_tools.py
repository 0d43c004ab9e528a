"""Git hooks beside husky, lefthook and pre-commit themselves: theirs and ours work, whoever is installed again."""

import pytest

from harness.hooks import HookedRepository, install_lefthook, run_husky, snapshot, wait_for_background


@pytest.fixture(autouse=True)
def nothing_goes_on(sandbox):
    """What a hook has started in the background ends before the test does."""
    yield
    wait_for_background(sandbox)


@pytest.fixture
def hooked(repository):
    return HookedRepository(repository, "post-merge")


def merge_and_count(hooked, note):
    """What the other tool's job has written in one merge, which also starts the changeling."""
    before = note.read_text() if note.exists() else ""
    hooked.fires(lambda: hooked.merge().ok())
    return note.read_text().removeprefix(before)


def test_husky(hooked):
    repository, note = hooked.repository, hooked.sandbox.root / "note"
    run_husky(repository)
    repository.commit({".husky/post-merge": f"echo theirs $1 >> {note}\n"}, "a hook of husky's")
    before = snapshot(repository.path / ".husky")
    said = repository.changeling("hooks", "install").ok()
    assert "(husky: .husky/post-merge)" in said.out and "is tracked by git" in said.err
    repository.commit({}, "our lines")
    assert merge_and_count(hooked, note) == "theirs 0\n"
    run_husky(repository)
    repository.changeling("hooks", "status").ok()
    assert merge_and_count(hooked, note) == "theirs 0\n"
    repository.changeling("hooks", "uninstall").ok()
    assert snapshot(repository.path / ".husky") == before


def test_husky_without_a_file_for_the_event(hooked):
    repository = hooked.repository
    run_husky(repository)
    before = snapshot(repository.path / ".husky")
    repository.changeling("hooks", "install").ok()
    hooked.fires(lambda: hooked.merge().ok())
    repository.changeling("hooks", "uninstall").ok()
    assert snapshot(repository.path / ".husky") == before


@pytest.mark.parametrize("local", [None, "output: false", "# mine\npost-checkout:\n  jobs: []\n"])
def test_lefthook(hooked, local):
    repository, note = hooked.repository, hooked.sandbox.root / "note"
    install_lefthook(hooked.sandbox)
    files = {"lefthook.yml": f"post-merge:\n  jobs:\n    - run: echo theirs >> {note}\n"}
    if local is not None:
        files["lefthook-local.yml"] = local
    repository.commit(files, "lefthook's configuration")

    def lefthook_install():
        hooked.sandbox.run("lefthook", "install", cwd=repository.path).ok()

    lefthook_install()
    folders = [repository.path / name for name in ("lefthook-local.yml", "lefthook.yml")]
    before = [path.read_bytes() if path.exists() else None for path in folders]
    hooks = snapshot(repository.path / ".git" / "hooks")
    said = repository.changeling("hooks", "install").ok()
    assert "(lefthook: lefthook-local.yml)" in said.out and "next: lefthook install" in said.err
    assert snapshot(repository.path / ".git" / "hooks") == hooks
    assert "lefthook install" in repository.changeling("hooks", "status").expect(1).out
    lefthook_install()
    repository.changeling("hooks", "status").ok()
    if local is not None:
        repository.commit({}, "our line")
    assert merge_and_count(hooked, note) == "theirs\n"
    lefthook_install()
    hooked.sandbox.run("lefthook", "install", "--force", cwd=repository.path).ok()
    assert merge_and_count(hooked, note) == "theirs\n"
    repository.changeling("hooks", "uninstall").ok()
    lefthook_install()
    assert [path.read_bytes() if path.exists() else None for path in folders] == before
    assert snapshot(repository.path / ".git" / "hooks") == hooks


def test_lefthook_with_an_rc_of_its_own_is_refused_with_the_line_to_add(hooked):
    repository, note = hooked.repository, hooked.sandbox.root / "note"
    install_lefthook(hooked.sandbox)
    repository.commit({"lefthook.yml": f"rc: ./rc.sh\npost-merge:\n  jobs:\n    - run: echo theirs >> {note}\n"}, "x")
    hooked.sandbox.run("lefthook", "install", cwd=repository.path).ok()
    refused = repository.changeling("hooks", "install").expect(128)
    assert "sets rc already" in refused.err and "changelings/hooks/lefthook.sh" in refused.err


def test_lefthook_leaves_hooks_alone_that_it_does_not_know(hooked):
    repository = hooked.repository
    install_lefthook(hooked.sandbox)
    repository.commit({"lefthook.yml": "pre-commit:\n  jobs:\n    - run: 'true'\n"}, "lefthook's configuration")
    hooked.sandbox.run("lefthook", "install", cwd=repository.path).ok()
    repository.changeling("hooks", "install").ok()
    hooked.sandbox.run("lefthook", "install", "--force", cwd=repository.path).ok()
    hooked.fires(lambda: hooked.merge().ok())


def test_lefthook_takes_over_an_event_of_ours(hooked):
    repository, note = hooked.repository, hooked.sandbox.root / "note"
    repository.changeling("hooks", "install").ok()
    install_lefthook(hooked.sandbox)
    repository.commit({"lefthook.yml": f"post-merge:\n  jobs:\n    - run: echo theirs >> {note}\n"}, "lefthook's")
    hooked.sandbox.run("lefthook", "install", cwd=repository.path).ok()
    hooks = repository.path / ".git" / "hooks"
    assert (hooks / "post-merge.old").exists()
    assert "missing" in repository.changeling("hooks", "status").expect(1).out
    repository.changeling("hooks", "install").ok()
    hooked.sandbox.run("lefthook", "install", cwd=repository.path).ok()
    assert merge_and_count(hooked, note) == "theirs\n"
    repository.changeling("hooks", "uninstall").ok()
    assert not (hooks / "post-merge.old").exists() and not (repository.path / "lefthook-local.yml").exists()


PRE_COMMIT = """\
default_install_hook_types: [post-merge]
repos:
- repo: local
  hooks:
  - {{id: x, name: x, entry: sh -c 'echo theirs >> {note}', language: system, always_run: true, stages: [post-merge]}}
"""


@pytest.mark.parametrize("ours_first", [False, True])
@pytest.mark.parametrize("existing", [None, "#!/bin/sh\necho mine >> {note}",
                                      "#!/usr/bin/env python3\nopen('{note}', 'a').write('mine\\n')\n"],
                         ids=["no hook", "shell", "python"])
def test_pre_commit(hooked, ours_first, existing):
    repository, note = hooked.repository, hooked.sandbox.root / "note"
    repository.commit({".pre-commit-config.yaml": PRE_COMMIT.format(note=note)}, "pre-commit's configuration")
    hooks = repository.path / ".git" / "hooks"
    hook = hooks / "post-merge"

    def pre_commit_install():
        hooked.sandbox.run("pre-commit", "install", cwd=repository.path).ok()

    if existing is not None:
        hooked.sandbox.write(hook, existing.format(note=note), executable=True)
    expected = "theirs\n" if existing is None else "mine\ntheirs\n"
    if ours_first:
        repository.changeling("hooks", "install").ok()
        pre_commit_install()
    else:
        pre_commit_install()
        before = snapshot(hooks)
        assert "pre-commit" in repository.changeling("hooks", "install").ok().out
    repository.changeling("hooks", "status").ok()
    assert merge_and_count(hooked, note) == expected
    pre_commit_install()
    repository.changeling("hooks", "status").ok()
    assert merge_and_count(hooked, note) == expected
    repository.changeling("hooks", "uninstall").ok()
    if not ours_first:
        assert snapshot(hooks) == before
    else:
        assert not list(hooks.glob("*changeling*"))
        assert not any(b"git-changeling" in path.read_bytes() for path in hooks.iterdir() if path.is_file())
    if existing is not None:
        assert (hooks / "post-merge.legacy").read_text() == existing.format(note=note)
    assert "no hooks" in repository.changeling("hooks", "uninstall").ok().out.lower()
