"""Tokens and secrets: where they are while an agent lives, where they come from, and that they go nowhere else."""

import base64

import pytest

from harness import walls
from harness.roles import writer

TOKEN = "ghp_" + "s3cret" * 6


def write_agent(sandbox, script):
    return f"sh {sandbox.write('agent.sh', script)}"


ANCESTORS = """
p=$$
while [ "$p" -gt 1 ]; do
  case $(cat "/proc/$p/comm") in git-changeling|changeling-run) tr '\\0' '\\n' <"/proc/$p/environ" ;; esac
  p=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$p/status")
done >{root}/environments
"""


@pytest.mark.parametrize("options", [[], ["--detach"]])
def test_no_process_above_an_agent_shows_a_token(repository, sandbox, options):
    """The tests may run as root, who may read what others may not: so the bytes themselves must be gone. Behind walls
    there are no processes above an agent: test_sandbox."""
    sandbox.without_walls()
    script = ANCESTORS.replace("{root}", str(sandbox.marks))
    repository.add_command("reader", write_agent(sandbox, script), "--secret", "SOMETHING")
    environment = {"GITHUB_TOKEN": TOKEN, "GH_ENTERPRISE_TOKEN": TOKEN, "MY_API_KEY": "key-of-somebody",
                   "SOMETHING": "key-of-somebody-else"}
    repository.changeling("run", "reader", *options, env=environment)
    sandbox.wait_until(lambda: all(run["status"] != "running" for run in repository.runs()), "the run has ended")
    environments = (sandbox.marks / "environments").read_text(errors="replace")
    assert "HOME=" in environments
    assert "ghp_" not in environments and "key-of-somebody" not in environments


APPROVALS = [["add", "evil", "--run", "true"], ["trust", "--all", "--yes"], ["config", "set", "apiUrl", "http://127.0.0.1:1"],
             ["schedule", "install"], ["review", "accept", "1"], ["undo", "--yes"], ["hooks", "install"]]


@pytest.mark.parametrize("held", [pytest.param(True, marks=walls.needed), False], ids=["behind walls", "without"])
def test_inside_a_run_nothing_is_approved(repository, sandbox, held):
    """Neither by clearing the environment nor by leaving the session. Without walls the agent reaches the user's
    repository, where it may add a task."""
    if not held:
        sandbox.without_walls()
    after = f"2>>{sandbox.marks}/said; echo $? >>{sandbox.marks}/codes\n"
    calls = "".join(f"env -u CHANGELING_RUN setsid -w git-changeling {' '.join(words)} {after}" for words in APPROVALS)
    calls += f"git-changeling task add 'A follow-up' {after}"
    repository.add_command("climber", "set +e\n" + ("" if held else f"cd {repository.path}\n") + calls)
    repository.changeling("run", "climber")
    assert (sandbox.marks / "codes").read_text().split() == ["128"] * len(APPROVALS) + ["128" if held else "0"]
    assert (sandbox.marks / "said").read_text().count("inside a run") == len(APPROVALS)
    assert "evil" not in repository.changeling("list").out


def test_a_commit_with_a_secret_stays_here(sandbox):
    repository = sandbox.repository(remote="bare")
    repository.changeling("init").ok()
    repository.add_command("leaky", "echo one >config; printf %s \"$API_KEY\" | base64 >>config; git add -A; git commit -qm 'Add it';"
                           " git rm -q config; echo two >other", "--secret", "API_KEY")
    record = repository.changeling("run", "leaky", "--json", env={"API_KEY": "hunter2-abcdef"}).expect(1).json
    assert record["outcome"] == "denied"
    assert "config:2" in record["error"] and "hunter2" not in record["error"]
    assert repository.changeling("review", "list", "--json").json["pull_requests"] == []
    assert "changelings/leaky" not in repository.remote.git("for-each-ref", "refs/heads/")


def test_an_encoded_secret_is_redacted(repository):
    secret = "p/ss+w0rd=hunter2-abcdef"
    repository.add_command("printer", "printf 'x:%s' \"$API_KEY\" | base64 -w0; printf %s \"$API_KEY\" | od -An -tx1",
                           "--secret", "API_KEY", "--output", "report")
    run = repository.changeling("run", "printer", "--json", env={"API_KEY": secret}).json
    logs = repository.changeling("logs", run["id"]).ok().out
    assert "[redacted]" in logs
    assert base64.b64encode(f"x:{secret}".encode()).decode()[5:20] not in logs and "70 2f 73" not in logs


@pytest.mark.parametrize("source, content", [("file:{root}/secret", "from-a-file\n"), ("command:cat {root}/secret", "from-a-command\n"),
                                             ("env:ELSEWHERE", None)])
def test_a_secret_comes_from_where_the_user_says(repository, sandbox, source, content):
    if content:
        sandbox.write("secret", content)
    config = sandbox.write("home/.gitconfig", f'[changeling-secret "API_KEY"]\n  from = "{source.format(root=sandbox.root)}"\n')
    repository.add_command("reader", f'printf %s "$API_KEY" >{sandbox.marks}/got; echo "key $API_KEY"', "--secret", "API_KEY")
    repository.changeling("run", "reader", env={"GIT_CONFIG_GLOBAL": config, "ELSEWHERE": "from-a-variable"})
    value = (content or "from-a-variable").strip()
    assert (sandbox.marks / "got").read_text() == value
    log, = (repository.common_directory() / "changelings" / "runs").glob("*/log")
    assert "key [redacted]" in log.read_text() and value not in log.read_text()


def test_a_repository_does_not_say_where_a_secret_comes_from(repository, sandbox):
    repository.git("config", "changeling-secret.API_KEY.from", f"command:touch {sandbox.root}/ran; echo secret")
    repository.add_command("reader", "true", "--secret", "API_KEY")
    record = repository.changeling("run", "reader", "--json").expect(1).json
    assert "API_KEY" in record["error"] and not (sandbox.root / "ran").exists()


def test_a_source_that_fails_is_said(repository, sandbox):
    config = sandbox.write("home/.gitconfig", '[changeling-secret "API_KEY"]\n  from = command:exit 3\n')
    repository.add_command("reader", "true", "--secret", "API_KEY")
    record = repository.changeling("run", "reader", "--json", env={"GIT_CONFIG_GLOBAL": config}).expect(1).json
    assert "exit code 3" in record["error"]


def test_a_token_does_not_follow_a_changed_address(sandbox):
    """What runs in a repository can write its configuration; a person says so with `config set`."""
    repository = sandbox.repository()
    repository.changeling("init").ok()
    repository.git("remote", "add", "origin", "https://git.example.invalid/acme/app.git")
    environment = {"GH_ENTERPRISE_TOKEN": TOKEN}
    repository.git("config", "changeling.autosync", "false")
    repository.git("config", "changeling.apiUrl", "https://git.example.invalid/api/v3")
    repository.changeling("review", "list", env=environment)
    repository.git("config", "changeling.forge", "github")
    repository.git("config", "changeling.apiUrl", "http://127.0.0.1:9")
    refused = repository.changeling("review", "list", env={**environment, "GITHUB_TOKEN": TOKEN}).expect(128)
    assert "git.example.invalid so far" in refused.err
    repository.changeling("config", "set", "changeling.apiUrl", "http://127.0.0.1:9").ok()
    asked = repository.changeling("review", "list", env={**environment, "GITHUB_TOKEN": TOKEN})
    assert "127.0.0.1:9 cannot be reached" in asked.err


def test_an_address_that_only_looks_like_this_machine_gets_nothing(sandbox):
    repository = sandbox.repository()
    repository.changeling("init").ok()
    repository.git("remote", "add", "origin", "https://github.com/acme/app.git")
    repository.git("config", "changeling.apiUrl", "http://127.evil.invalid")
    refused = repository.changeling("review", "list", env={"GITHUB_TOKEN": TOKEN}).expect(128)
    assert "without encryption" in refused.err


def test_what_a_command_of_somebodys_task_prints_is_not_published(repository, sandbox):
    writer(repository)
    repository.git("config", "user.name", "Somebody Else")
    repository.add_task("Print it", "--role", "writer", "--accept", "run:echo from-$((40 + 2))-here; false")
    repository.git("config", "user.name", "Tester")
    repository.changeling("dispatch")
    run, = repository.runs()
    # It ran, and who sits here can read what it printed.
    assert run["outcome"] == "verification-failed"
    assert "from-42-here" in repository.changeling("logs", run["id"]).ok().out
    assert "from-42-here" not in repository.git("log", "-p", "refs/changelings/state")
