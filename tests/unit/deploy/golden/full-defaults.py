# Made by git changeling deploy. Deploy again instead of editing this file.
# sha256 of the rest: 7a92931eb1c76c2b81e46f9fef52a8f0ba3a0d2fb9506c7523c2733adf0ee00d
"""Runs one changeling on Modal."""

import os
import shlex
import subprocess
import tempfile

import modal

APP = "changeling-project-sprite"
CHANGELING = "night {secrets} \"${{ x }}\""
DIGEST = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
STATE_REF = "refs/changelings/state"
CLONE_URL = "https://example.com/me/project.git"
SETTINGS = {"user.name": "Ada", "user.email": "ada@example.com"}
CRON = "0 3 * 1-3 1-5"
TIMEZONE = "Europe/Berlin"
TIMEOUT_SECONDS = 7800
SECRET = "changeling-project-sprite"
SECRET_KEYS = ["GITHUB_TOKEN", "ANTHROPIC_API_KEY", "A_SECRET", "OTHER"]
PACKAGES = []
AGENT_PACKAGE = "@anthropic-ai/claude-code@2.1.328"
SOURCE = "https://example.com/me/git-changeling.git"
SOURCE_COMMIT = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

# git asks for the token through the environment: it is in no file, no address and no argument, and the agent gets
# neither the variable nor the helper, which answers for the host of the clone alone.
CLONE_HOST = "/".join(CLONE_URL.split("/")[:3])
CREDENTIALS = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": f"credential.{CLONE_HOST}.helper",
    "GIT_CONFIG_VALUE_0": '!f() { test "$1" = get && echo username=x-access-token'
    ' && echo "password=$GITHUB_TOKEN"; }; f',
    "GIT_TERMINAL_PROMPT": "0",
    # The container is the sandbox that Claude Code asks about before it works as root.
    "IS_SANDBOX": "1",
}

image = (
    modal.Image.debian_slim(python_version="3.12")
    .apt_install("ca-certificates", "git", *PACKAGES)
    .run_commands(
        f"git init --quiet /opt/src && git -C /opt/src fetch --quiet --depth 1 {shlex.quote(SOURCE)} {SOURCE_COMMIT}",
        "git -C /opt/src checkout --quiet FETCH_HEAD",
        "awk '$1 == \"build\" { print $2 }' /opt/src/scripts/packages.txt > /tmp/packages"
        " && apt-get update && xargs apt-get install --yes --no-install-recommends < /tmp/packages",
        "cd /opt/src && cmake --preset release && cmake --build --preset release && cmake --install build/release",
    )
)
if AGENT_PACKAGE:
    image = image.apt_install("nodejs", "npm").run_commands(f"npm install --global {shlex.quote(AGENT_PACKAGE)}")

app = modal.App(APP)


@app.function(
    image=image,
    schedule=modal.Cron(CRON, timezone=TIMEZONE) if CRON else None,
    secrets=[modal.Secret.from_name(SECRET, required_keys=SECRET_KEYS)],
    timeout=TIMEOUT_SECONDS,
    max_containers=1,
)
def run(run_id: str = "", trigger: str = "schedule"):
    """Runs the changeling once in a fresh clone, and shares what came of it."""
    environment = {**os.environ, **CREDENTIALS}
    folder = os.path.join(tempfile.mkdtemp(), "project")

    def call(*words, cwd=folder, check=True):
        return subprocess.run(words, cwd=cwd, env=environment, check=check).returncode

    call("git", "clone", "--quiet", "--", CLONE_URL, folder, cwd=None)
    for key, value in SETTINGS.items():
        call("git", "config", key, value)
    call("git", "changeling", "init", "--ref", STATE_REF)
    # Refuses every definition but the one that was deployed; then deploy it again.
    call("git", "changeling", "trust", CHANGELING, "--digest", DIGEST)
    options = ["--id", run_id] if run_id else []
    code = call("git", "changeling", "run", CHANGELING, "--trigger", trigger, *options, check=False)
    call("git", "changeling", "sync")
    if code != 0:
        raise RuntimeError(f"the run of {CHANGELING} ended with exit code {code}")
