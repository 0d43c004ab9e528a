"""Fixtures of the end-to-end tests: every test gets a sandbox of its own and leaves nothing behind."""

import pytest

from harness import walls
from harness.program import program_under_test
from harness.sandbox import Sandbox
from harness.tmux import Terminal

def pytest_report_header(config):
    return walls.report()


def pytest_sessionstart(session):
    program_under_test()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Tells the sandbox whether its test failed, and shows where it was kept."""
    report = (yield).get_result()
    sandbox = getattr(item, "changeling_sandbox", None)
    if sandbox is None or not report.failed:
        return
    sandbox.failed = True
    # In the failure's own text, so that result files have it too.
    if hasattr(report.longrepr, "addsection"):
        report.longrepr.addsection("sandbox kept", str(sandbox.root))


@pytest.fixture
def sandbox(request):
    """A hermetic place to work in: see harness/sandbox.py."""
    place = Sandbox(program_under_test())
    request.node.changeling_sandbox = place
    yield place
    try:
        place.end_background_programs()
        place.check_nothing_left_over()
        place.check_repositories()
    except BaseException:
        place.failed = True
        raise
    finally:
        place.close()


@pytest.fixture
def repository(sandbox):
    """A small repository on branch main with a bare remote, after `git changeling init`."""
    repo = sandbox.repository(files={"README.md": "# Example\n\nIt has teh typo.\n"}, remote="bare")
    repo.changeling("init").ok()
    return repo


@pytest.fixture
def terminal(repository):
    """A shell in the repository, in a terminal: see harness/tmux.py."""
    shell = Terminal(repository)
    yield shell
    shell.close()
