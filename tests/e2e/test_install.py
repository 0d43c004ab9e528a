"""`cmake --install` puts the program, the manual page and the completions where they are found."""

import pytest
from harness.service import Service


@pytest.fixture
def installed(sandbox):
    """An installation below the sandbox, first on PATH."""
    build = sandbox.program.parent
    if not (build / "cmake_install.cmake").exists():
        pytest.skip(f"{build} is not a build folder")
    prefix = sandbox.root / "usr"
    sandbox.run("cmake", "--install", build, "--prefix", prefix).ok()
    sandbox.environment["PATH"] = f"{prefix}/bin:/usr/bin:/bin"
    sandbox.environment["MANPATH"] = f"{prefix}/share/man"
    return prefix


def test_the_program_is_a_git_command(sandbox, installed):
    assert sandbox.run("git", "changeling", "--version").ok().out.startswith("git-changeling version")


@pytest.mark.parametrize("words", [["help", "changeling"], ["changeling", "--help"]], ids=" ".join)
def test_help_is_the_manual_page(sandbox, installed, words):
    shown = sandbox.run("git", *words, env={"MANPAGER": "cat", "MAN_KEEP_FORMATTING": None, "MANWIDTH": "80"}).ok().out
    assert "GIT-CHANGELING(1)" in shown
    assert "scheduled coding agents that belong to a git repository" in " ".join(shown.split())


@pytest.mark.parametrize("page", ["git-changeling-add", "git-changeling-task", "git-changeling-config"])
def test_each_command_has_a_page(sandbox, installed, page):
    shown = sandbox.run("git", "help", page, env={"MANPAGER": "cat", "MANWIDTH": "80"}).ok().out
    assert f"{page.upper()}(" in shown


def test_the_programs_own_help_option_shows_the_manual_page_too(sandbox, installed):
    shown = sandbox.run("git-changeling", "--help", env={"MANPAGER": "cat", "MANWIDTH": "80"}).ok().out
    assert "GIT-CHANGELING(1)" in shown or "usage: git changeling" in shown.lower()


@pytest.mark.parametrize("path", ["share/bash-completion/completions/git-changeling",
                                  "share/zsh/site-functions/_git-changeling",
                                  "share/fish/vendor_completions.d/git-changeling.fish"])
def test_the_completions_are_where_the_shells_look(installed, path):
    assert (installed / path).read_text().strip()


def test_the_installed_program_needs_nothing_of_the_source_tree(sandbox, installed):
    repo = sandbox.repository()
    sandbox.run("git", "changeling", "init", cwd=repo.path).ok()
    listed = sandbox.run("git", "changeling", "templates", "list", "--json", cwd=repo.path).ok().json
    assert "typo-sprite" in [template["name"] for template in listed["templates"]]


def test_the_service_is_found(sandbox, installed, repository):
    assert (installed / "libexec/git-changeling/git-changeling-serve").exists()
    sandbox.bin = installed / "bin"
    service = Service(sandbox, repository.path)
    assert 'src="app.js"' in service.get("/").body.decode()
    assert len(service.get("/app.js").body) > 10_000
    service.stop().ok()
    refused = sandbox.run("git", "changeling", "serve", "--listen", "nowhere", cwd=repository.path).expect(129)
    assert "'nowhere' is no HOST:PORT" in refused.err
