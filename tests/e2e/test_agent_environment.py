"""What an agent gets to see: an allow-list, its own variables, and no credentials of the user."""

import json

import pytest

DUMP = "env -0 > \"$CHANGELING_ARTIFACTS/environment\"; cp \"$CHANGELING_ARTIFACTS/environment\" {root}/environment"
SECRETS = {
    "GITHUB_TOKEN": "ghp_secret", "GH_TOKEN": "gho_secret", "SSH_AUTH_SOCK": "/tmp/agent.sock",
    "GIT_ASKPASS": "/bin/askpass", "SSH_ASKPASS": "/bin/askpass", "AWS_SECRET_ACCESS_KEY": "aws-secret",
    "NPM_TOKEN": "npm-secret", "SOME_PASSWORD": "hidden", "LD_PRELOAD": "",
}


@pytest.fixture
def environment_of_agent(repository, sandbox):
    """Runs an agent with more options and variables; returns the environment that it saw."""
    def run(*options, env=None):
        repository.add_command("dumper", DUMP.format(root=sandbox.marks), "--update", *options)
        repository.changeling("run", "dumper", "--json", env=env).ok()
        text = (sandbox.marks / "environment").read_text()
        return dict(line.split("=", 1) for line in text.split("\0") if line)
    return run


def test_the_promised_variables(environment_of_agent, repository, sandbox):
    variables = environment_of_agent()
    record, = repository.runs()
    assert variables["CHANGELING_RUN"] == record["id"]
    assert variables["CHANGELING_NAME"] == "dumper"
    assert variables.get("CHANGELING_TASK", "") == ""
    assert variables["CHANGELING_PROMPT_FILE"].startswith("/")
    assert variables["CHANGELING_ARTIFACTS"].startswith("/")
    assert variables["HOME"] == str(sandbox.home)
    assert variables["PATH"] == sandbox.environment["PATH"]


def test_credentials_of_the_user_are_absent(environment_of_agent):
    variables = environment_of_agent(env=SECRETS)
    # The program sets some of these itself, to keep git from asking; the user's values must be gone.
    assert [name for name in SECRETS if variables.get(name) == SECRETS[name]] == []
    assert not {"GITHUB_TOKEN", "GH_TOKEN", "SSH_AUTH_SOCK", "NPM_TOKEN", "LD_PRELOAD"} & set(variables)
    assert "secret" not in json.dumps(variables)


def test_unknown_variables_are_absent(environment_of_agent):
    assert "SOMETHING_ELSE" not in environment_of_agent(env={"SOMETHING_ELSE": "1"})


def test_env_is_set_and_a_secret_is_passed_through(environment_of_agent, repository):
    variables = environment_of_agent("--env", "MODE=nightly", "--env", "EMPTY=", "--secret", "NPM_TOKEN",
                                     env=SECRETS)
    assert variables["MODE"] == "nightly"
    assert variables["EMPTY"] == ""
    assert variables["NPM_TOKEN"] == "npm-secret"
    assert "GITHUB_TOKEN" not in variables
    everything = repository.git("log", "-p", "refs/changelings/state")
    assert "npm-secret" not in everything


def test_a_missing_secret_is_said_before_the_agent_starts(repository, sandbox):
    repository.add_command("needy", f"touch {sandbox.marks}/ran", "--secret", "API_TOKEN")
    record = repository.changeling("run", "needy", "--json").expect(1).json
    assert record["outcome"] == "failed"
    assert "API_TOKEN" in record["error"]
    assert not (sandbox.marks / "ran").exists()


def test_secrets_are_redacted_in_logs_and_records(repository):
    repository.add_command("leaky", "echo \"token is $API_TOKEN\"; echo x >> README.md", "--secret", "API_TOKEN",
                           "--verify", "echo \"checked with $API_TOKEN\"")
    result = repository.changeling("run", "leaky", "--json", env={"API_TOKEN": "hunter2-secret-value"})
    run_id = result.json["id"]
    logs = repository.changeling("logs", run_id).ok().out
    assert "token is" in logs
    shown = repository.changeling("review", "show", "1").ok().out
    stored = b"".join(path.read_bytes() for path in (repository.common_directory() / "changelings").rglob("*")
                      if path.is_file())
    state = repository.git("log", "-p", "refs/changelings/state")
    for place, text in {"logs": logs, "review": shown, "files": stored.decode(errors="replace"), "--json": result.out,
                        "progress": result.err, "state": state}.items():
        assert "hunter2-secret-value" not in text, place


def test_the_agent_cannot_push(repository):
    """Whatever the remote would allow the user: the agent's git knows no credentials helper and no agent socket."""
    repository.git("config", "credential.helper", "!f() { echo password=from-helper; }; f")
    repository.add_command("pusher", "git credential fill > filled 2>&1 <<EOF || true\n"
                                     "protocol=https\nhost=example.com\nusername=x\n\nEOF\n")
    record = repository.changeling("run", "pusher", "--json").json
    filled = repository.show(record["branch"], "filled") if record["branch"] else ""
    assert "from-helper" not in filled


def test_the_prompt_arrives_in_the_file_and_on_standard_input(repository, sandbox):
    repository.add_command("reader", f"cp \"$CHANGELING_PROMPT_FILE\" {sandbox.marks}/file; cat > {sandbox.marks}/stdin",
                           "--prompt", "Do the thing\nproperly.")
    repository.changeling("run", "reader").ok()
    assert "Do the thing\nproperly." in (sandbox.marks / "file").read_text()
    assert "Do the thing\nproperly." in (sandbox.marks / "stdin").read_text()


def test_the_working_directory_is_a_worktree_outside_the_users(repository, sandbox):
    repository.add_command("where", f"pwd > {sandbox.marks}/where; git rev-parse --git-common-dir > {sandbox.marks}/common")
    repository.changeling("run", "where").ok()
    where = (sandbox.marks / "where").read_text().strip()
    assert where != str(repository.path)
    assert not where.startswith(str(repository.path) + "/") or where.startswith(str(repository.path / ".git") + "/")


def test_the_agent_gets_no_terminal_and_no_input(repository, sandbox):
    repository.add_command("asker", f"test -t 0 && echo terminal > {sandbox.marks}/t; test -t 1 && echo t > {sandbox.marks}/t; true")
    repository.changeling("run", "asker").ok()
    assert not (sandbox.marks / "t").exists()
