# Made by git changeling deploy. Deploy again instead of editing this file.
# sha256 of the rest: 85e09ef6bf5bd2f2c51baee16bec216c618a740de0b0a262652b5ca2f5dd8077
"""Runs one changeling on Modal.

The function `run` has the token that may write; it begins and publishes the run and starts no agent. The agent works in
a Sandbox of Modal's, with secrets of its own. What that prints is one file in base64, and is taken for a stranger's; a
function's result would be a pickle, which runs what its maker likes where it is read.
"""

import base64
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
WHOLE_SECONDS = 9600
TOKEN_SECRET = "changeling-project-sprite-publish"
WORK_SECRET = "changeling-project-sprite"
WORK_KEYS = ["GITHUB_TOKEN", "ANTHROPIC_API_KEY", "A_SECRET", "OTHER"]
PACKAGES = []
AGENT_PACKAGE = "@anthropic-ai/claude-code@2.1.328"
SOURCE = "https://example.com/me/git-changeling.git"
SOURCE_COMMIT = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

# git asks for the token through the environment: it is in no file, no address and no argument, and the agent gets
# neither the variable nor the helper, which answers for the host of the clone alone, and over TLS.
CLONE_HOST = "/".join(CLONE_URL.split("/")[:3])
CREDENTIALS = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": f"credential.{CLONE_HOST}.helper",
    "GIT_CONFIG_VALUE_0": '!f() { test "$1" = get && grep -qx protocol=https && echo username=x-access-token'
    ' && echo "password=$GITHUB_TOKEN"; }; f',
    "GIT_TERMINAL_PROMPT": "0",
    # The container is the sandbox that Claude Code asks about before it works as root.
    "IS_SANDBOX": "1",
}

image = (
    modal.Image.debian_slim(python_version="3.12")
    .apt_install("ca-certificates", "git")
    .run_commands(
        f"git init --quiet /opt/src && git -C /opt/src fetch --quiet --depth 1 {shlex.quote(SOURCE)} {SOURCE_COMMIT}",
        "git -C /opt/src checkout --quiet FETCH_HEAD",
        "awk '$1 == \"build\" { print $2 }' /opt/src/scripts/packages.txt > /tmp/packages"
        " && apt-get update && xargs apt-get install --yes --no-install-recommends < /tmp/packages",
        "cd /opt/src && cmake --preset release && cmake --build --preset release && cmake --install build/release",
    )
)
work_image = image.apt_install(*PACKAGES) if PACKAGES else image
if AGENT_PACKAGE:
    work_image = work_image.apt_install("nodejs", "npm").run_commands(f"npm install --global {shlex.quote(AGENT_PACKAGE)}")

app = modal.App(APP)


@app.function(image=work_image, secrets=[modal.Secret.from_name(WORK_SECRET, required_keys=WORK_KEYS)])
def ready():
    """Is never called: deploying it builds the image of the Sandbox and asks for its secret."""


# Carries out a run that was begun, where the token may only read: nothing is shared or published. The arguments are keys
# and values of settings.
WORK = """
set -eu
exec 3>&1 >&2
folder=$(mktemp -d)
git clone --quiet -- "$CLONE_URL" "$folder/project"
cd "$folder/project"
while [ $# -gt 0 ]; do
  git config "$1" "$2"
  shift 2
done
git config changeling.autosync false
git changeling init --ref "$STATE_REF"
git changeling trust "$CHANGELING" --digest "$DIGEST"
git changeling run "$CHANGELING" --id "$BEGUN_RUN" --hand-over "$folder/run.bundle"
base64 < "$folder/run.bundle" >&3
"""
LONGEST_OUTPUT = 360 * 1024 * 1024


def work(run_id):
    """The file that the run hands over."""
    settings = [word for pair in SETTINGS.items() for word in pair]
    values = {"CLONE_URL": CLONE_URL, "STATE_REF": STATE_REF, "CHANGELING": CHANGELING, "DIGEST": DIGEST, "BEGUN_RUN": run_id}
    sandbox = modal.Sandbox.create(
        "bash", "-c", WORK, "work", *settings,
        image=work_image,
        secrets=[modal.Secret.from_name(WORK_SECRET, required_keys=WORK_KEYS), modal.Secret.from_dict({**CREDENTIALS, **values})],
        timeout=TIMEOUT_SECONDS,
    )
    lines, length = [], 0
    for line in sandbox.stdout:
        lines.append(line)
        length += len(line)
        if length > LONGEST_OUTPUT:
            sandbox.terminate()
            raise ValueError("it prints more than a run hands over")
    sandbox.wait()
    print(sandbox.stderr.read()[-20_000:])
    return base64.b64decode("".join(lines))


@app.function(
    image=image,
    schedule=modal.Cron(CRON, timezone=TIMEZONE) if CRON else None,
    secrets=[modal.Secret.from_name(TOKEN_SECRET, required_keys=["GITHUB_TOKEN"])],
    timeout=WHOLE_SECONDS,
    max_containers=1,
)
def run(run_id: str = "", trigger: str = "schedule"):
    """Begins the run in the shared state, lets it be carried out, and publishes what came of it."""
    environment = {**os.environ, **CREDENTIALS}
    folder = os.path.join(tempfile.mkdtemp(), "project")

    def call(*words, check=True, **options):
        return subprocess.run(words, check=check, **{"cwd": folder, "env": environment, **options})

    call("git", "clone", "--quiet", "--", CLONE_URL, folder, cwd=None)
    for key, value in SETTINGS.items():
        call("git", "config", key, value)
    call("git", "changeling", "init", "--ref", STATE_REF)
    # Refuses every definition but the one that was deployed; then deploy it again.
    call("git", "changeling", "trust", CHANGELING, "--digest", DIGEST)
    options = ["--id", run_id] if run_id else []
    begun = call("git", "changeling", "run", CHANGELING, "--begin", "--trigger", trigger, *options,
                 stdout=subprocess.PIPE, text=True).stdout.strip()
    call("git", "changeling", "sync")
    file = os.path.join(tempfile.mkdtemp(), "run.bundle")
    try:
        handed_over = work(begun)
        with open(file, "wb") as content:
            content.write(handed_over)
    except Exception as error:  # Whatever it was: without the file the run is ended as a failed one.
        print(f"the run was not carried out: {type(error).__name__}: {error}")
    code = call("git", "changeling", "publish", begun, file, "--digest", DIGEST, check=False).returncode
    call("git", "changeling", "sync")
    if code != 0:
        raise RuntimeError(f"the run of {CHANGELING} ended with exit code {code}")
