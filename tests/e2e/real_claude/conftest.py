"""The real Claude Code from npm, talking to a scripted API on this machine."""

import os
import platform

import pytest

from harness.claude_api import ClaudeApi, node_modules


@pytest.fixture(scope="session")
def real_claude():
    """The program's path. Where scripts/test runs, a missing one is a failure; elsewhere a visible skip."""
    if platform.machine() != "x86_64":
        pytest.skip(f"Claude Code is pinned for x86_64 only, this machine is {platform.machine()}")
    program = node_modules() / "@anthropic-ai" / "claude-code-linux-x64" / "claude"
    if not os.access(program, os.X_OK):
        reason = f"Claude Code is not at {program}: install the packages of tests/npm with scripts/test"
        if "CHANGELING_NODE_MODULES" in os.environ:
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@pytest.fixture
def api(tmp_path):
    """api({words of the prompt: [answers]}) starts a server for this test."""
    started = []

    def start(conversations):
        started.append(ClaudeApi(tmp_path, conversations))
        return started[-1]

    yield start
    for server in started:
        server.close()
