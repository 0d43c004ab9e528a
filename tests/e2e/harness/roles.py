"""Roles whose agents are shell scripts, for tests of workers."""

import json


def add_script_role(repository, name, script, *, prompt="Do it.", interactive=False):
    """Adds a role of that name; its agent is the script, which runs in the run's worktree."""
    path = repository.sandbox.write(f"agents/{name}", f"#!/bin/sh\nset -e\n{script}\n", executable=True)
    settings = repository.path / ".changelings.toml"
    before = settings.read_text() if settings.exists() else ""
    opening = repository.sandbox.opening(script)[1:]
    settings.write_text(before + f"[agents.{name}]\ncommand = [{json.dumps(str(path))}]\n"
                        f"sandbox_write = {json.dumps(opening)}\n")
    options = ("--interactive",) if interactive else ()
    repository.changeling("role", "add", name, "--agent", name, "--prompt", prompt, *options).ok()
    # The agent comes with the repository, so adding the role is not enough.
    repository.changeling("trust", f"role:{name}", "--yes").ok()


def writer(repository, name="writer"):
    """A role whose agent adds a file that is named after the task."""
    add_script_role(repository, name, 'echo "$CHANGELING_RUN" > "$CHANGELING_TASK.txt"')


def barrier(sandbox, number):
    """A script that goes on once so many agents have come to it; they must run at the same time for that."""
    place = sandbox.marks / "barrier"
    place.mkdir(exist_ok=True)
    return (f'touch "{place}/$CHANGELING_RUN"\n'
            f'until [ "$(ls "{place}" | wc -l)" -ge {number} ]; do sleep 0.05; done\n')


def gate(sandbox, name="gate"):
    """A script that says that it has come, and waits until the test opens the gate; with the two to use."""
    come, opened = sandbox.marks / f"{name}-come", sandbox.marks / f"{name}-open"
    script = f'touch "{come}"; until [ -e "{opened}" ]; do sleep 0.05; done\n'
    return script, come, opened
