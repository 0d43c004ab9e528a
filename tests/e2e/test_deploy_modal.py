"""`git changeling deploy --to modal`: the app that it writes is loaded, and its function run, by a stand-in for Modal's
client; where the real client is installed, that loads it, too."""

import json
import os
import pathlib
import py_compile
import subprocess
import sys

import pytest

from harness.stand_ins import install_stand_in

SOURCE = "https://git.example.com/somebody/git-changeling.git@0123456789abcdef0123456789abcdef01234567"
APP = "changeling-project-night"
STATE = "refs/changelings/state"
TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
READING_TOKEN = "ghp_5432109876abcdefghijABCDEFGHIJ543210"


class Modal:
    """What the stand-in knows and was asked."""

    def __init__(self, sandbox):
        self.folder = sandbox.root / "modal"
        self.folder.mkdir()
        install_stand_in(sandbox, "modal")
        sandbox.environment["FAKE_MODAL"] = str(self.folder)
        self.set_secrets({"GITHUB_TOKEN": READING_TOKEN})

    def set_secrets(self, variables, name=APP):
        """Those of the agent's Sandbox; the function has one of its own."""
        (self.folder / "secrets.json").write_text(json.dumps({name: variables, f"{APP}-publish": {"GITHUB_TOKEN": TOKEN}}))

    def calls(self):
        file = self.folder / "calls.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def apps(self):
        file = self.folder / "apps.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def breaks(self, what, text=""):
        (self.folder / what).write_text(text)


@pytest.fixture
def modal(sandbox):
    return Modal(sandbox)


@pytest.fixture
def project(repository, sandbox):
    """Its remote is on a server with https, as far as git's configuration tells, also that of other machines."""
    url = "https://git.example.com/somebody/project.git"
    repository.git("remote", "set-url", "origin", url)
    settings = sandbox.write(sandbox.root / "gitconfig", f'[url "{repository.remote.path}"]\n\tinsteadOf = {url}\n')
    sandbox.environment["GIT_CONFIG_GLOBAL"] = str(settings)
    repository.git("config", "changeling.source", SOURCE)
    repository.changeling("add", "night", "--run", "echo by night >> README.md", "--schedule", "0 3 * * 1-5", "--timezone",
                          "Europe/Berlin").ok()
    return repository


def deploy(repository, name="night", *options):
    return repository.changeling("deploy", name, "--to", "modal", *options)


def deployments(repository):
    return {entry["changeling"]: entry for entry in repository.changeling("status", "--json").ok().json["deployments"]}


def app_file(repository, name="night"):
    return repository.common_directory() / "changelings" / "deploy" / name / "modal_app.py"


# The file.

ODD = ["night", "ümläut-日本-🦊", "a" * 64]


def test_odd_definitions_become_python_with_the_same_values(project):
    for name in ODD:
        project.changeling("add", name, "--run", "true", "--schedule", "@weekly") if name != "night" else None
        content = deploy(project, name, "--dry-run", "--json", "--package", "codespell").ok().json["content"]
        file = project.sandbox.write(project.sandbox.root / "app.py", content)
        py_compile.compile(str(file), cfile=str(project.sandbox.root / "app.pyc"), doraise=True)
        constants = {}
        for line in content.splitlines():
            if " = " in line and line.split(" = ")[0].isupper() and not line.endswith(("{", '"""')):
                exec(line, {}, constants)
        assert constants["CHANGELING"] == name
        assert len(constants["APP"]) <= 64 and constants["STATE_REF"] == STATE
        assert constants["CRON"] == ("0 3 * * 1-5" if name == "night" else "0 0 * * 0")
        assert constants["PACKAGES"] == ["codespell"]
    assert not (project.path / "gone").exists()


def test_a_dry_run_writes_and_calls_nothing(project, modal):
    before = project.user_state(), project.head(STATE)
    answer = deploy(project, "night", "--dry-run", "--json").ok().json
    assert answer["call"] == ["modal", "deploy", str(app_file(project))]
    assert (project.user_state(), project.head(STATE)) == before
    assert not app_file(project).exists() and modal.calls() == []


def test_the_real_client_takes_the_app(project, sandbox):
    """Needs the package modal, which Debian does not have."""
    python = os.environ.get("CHANGELING_MODAL_PYTHON", sys.executable)
    found = subprocess.run([python, "-c", "import modal; print(modal.__version__)"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        pytest.skip("SKIPPED, NOT PROVEN HERE: the real Modal client is not installed; set CHANGELING_MODAL_PYTHON to a Python "
                    "that has it (pip install modal in a virtual environment)")
    content = deploy(project, "night", "--dry-run", "--json").ok().json["content"]
    sandbox.write(sandbox.root / "app" / "modal_app.py", content)
    # The client keeps the schedule to itself until it talks to the server, so it is noted on its way in.
    script = """
import json, modal
seen, real = [], modal.Cron
modal.Cron = lambda *words, **options: seen.append([*words, options]) or real(*words, **options)
import modal_app
assert isinstance(modal_app.app, modal.App) and isinstance(modal_app.run, modal.Function)
print(json.dumps([modal_app.app.name, seen]))
"""
    loaded = subprocess.run([python, "-c", script], cwd=sandbox.root / "app", capture_output=True, text=True, check=False)
    assert loaded.returncode == 0, loaded.stderr
    assert json.loads(loaded.stdout) == [APP, [["0 3 * * 1-5", {"timezone": "Europe/Berlin"}]]]


# Deploying.

def test_deploying_calls_modal_and_is_noted(project, modal, sandbox):
    result = deploy(project).ok()
    assert APP in result.out
    assert modal.calls() == [["app", "list", "--json"], ["deploy", str(app_file(project))]]
    assert modal.apps() == {APP: "deployed"}
    entry = deployments(project)["night"]
    assert (entry["to"], entry["app"], entry["definition"], entry["app_state"]) == ("modal", APP, "current", "deployed")
    assert "deployed" in project.changeling("status").ok().out
    assert app_file(project).stat().st_mode & 0o077 == 0
    clone = sandbox.clone(project.remote, "clone")
    clone.changeling("init").ok()
    assert deployments(clone)["night"]["app"] == APP


@pytest.mark.parametrize("problem, hint", [("missing", "modal setup"), ("logged-out", "modal setup"), ("fail-app", "modal app list")])
def test_without_modal_nothing_is_written(project, modal, sandbox, problem, hint):
    if problem == "missing":
        (sandbox.bin / "modal").unlink()
    else:
        modal.breaks(problem, "Error: the server is on fire")
    before = project.user_state(), project.head(STATE)
    refused = deploy(project).expect(128)
    assert hint in refused.err and "hint:" in refused.err, refused
    assert (project.user_state(), project.head(STATE)) == before and not app_file(project).exists()


def test_a_failed_deploy_leaves_what_was_there(project, modal):
    modal.breaks("fail-deploy", "Error: no secret")
    refused = deploy(project).expect(128)
    assert "no secret" in refused.err and "modal secret create changeling-project-night GITHUB_TOKEN=" in refused.err
    assert "modal secret create changeling-project-night-publish GITHUB_TOKEN=" in refused.err
    assert deployments(project) == {} and not app_file(project).exists()
    (modal.folder / "fail-deploy").unlink()
    deploy(project).ok()
    content = app_file(project).read_text()
    project.changeling("update", "night", "--schedule", "@daily").ok()
    modal.breaks("fail-deploy", "Error: later")
    deploy(project).expect(128)
    assert app_file(project).read_text() == content
    assert deployments(project)["night"]["definition"] == "changed"


def test_a_missing_secret_is_named(project, modal):
    project.changeling("update", "night", "--secret", "NPM_TOKEN").ok()
    refused = deploy(project).expect(128)
    assert "NPM_TOKEN" in refused.err
    modal.set_secrets({"GITHUB_TOKEN": READING_TOKEN, "NPM_TOKEN": "x"})
    deploy(project).ok()
    assert TOKEN not in app_file(project).read_text()


@pytest.mark.parametrize("options, words", [
    (["--timezone", "local"], "local"), (["--timeout", "2d"], "longer than Modal"), (["--secret", "GITHUB_OTHER"], "GITHUB_OTHER"),
])
def test_what_cannot_run_there_is_refused(project, modal, options, words):
    project.changeling("update", "night", *options).ok()
    assert words in deploy(project).expect(128).err
    assert modal.calls() == []


def test_the_source_and_the_remote_must_be_known(project, modal):
    project.git("config", "--unset", "changeling.source")
    assert "changeling.source" in deploy(project).expect(129).err
    deploy(project, "night", "--source", SOURCE, "--dry-run").ok()
    project.git("config", "changeling.action", "somebody/git-changeling@" + "0" * 40)
    assert "https://github.com/somebody/git-changeling" in deploy(project, "night", "--dry-run").ok().out
    project.git("remote", "set-url", "origin", "/somewhere/project.git")
    assert "https" in deploy(project).expect(128).err
    assert modal.calls() == []


def test_a_copy_for_reading(project, modal):
    deploy(project, "night", "--file", "app.py").ok()
    assert project.read("app.py") == app_file(project).read_text()
    project.write("app.py", "mine = True\n")
    assert "--force" in deploy(project, "night", "--file", "app.py").expect(128).err
    assert project.read("app.py") == "mine = True\n"


# Running.

def test_it_runs_there_and_its_record_comes_here(project, modal):
    deploy(project).ok()
    record = project.changeling("run", "night", "--on", "modal", "--json").ok().json
    assert (record["outcome"], record["trigger"]) == ("opened-pr", "manual")
    assert modal.calls()[-1] == ["run", f"{app_file(project)}::run", "--run-id", record["id"], "--trigger", "manual"]
    assert project.remote.show(record["branch"], "README.md").endswith("by night\n")


def test_the_agent_there_has_no_token(project, modal):
    project.changeling("update", "night", "--run", "env > seen; git config --list >> seen").ok()
    deploy(project).ok()
    record = project.changeling("run", "night", "--on", "modal", "--json").ok().json
    seen = project.remote.show(record["branch"], "seen")
    assert "CHANGELING_NAME=night" in seen and "x-access-token" not in seen
    assert TOKEN not in seen and READING_TOKEN not in seen


@pytest.mark.parametrize("protocol, host, answers", [
    ("https", "git.example.com", True), ("http", "git.example.com", False), ("https", "evil.example.com", False),
    ("https", "git.example.com.evil.org", False), ("https", "git.example.com:8443", False),
])
def test_the_credential_helper_answers_for_the_host_of_the_clone_alone(project, sandbox, protocol, host, answers):
    content = deploy(project, "night", "--dry-run", "--json").ok().json["content"]
    part = content[content.index("CLONE_URL ="):content.index("\nimage = ")]
    names = {}
    exec(compile(part[:part.index("SETTINGS =")] + part[part.index("CLONE_HOST ="):], "app", "exec"), names)
    asked = sandbox.run("git", "credential", "fill", stdin=f"protocol={protocol}\nhost={host}\n\n",
                        env={**names["CREDENTIALS"], "GITHUB_TOKEN": TOKEN, "GIT_ASKPASS": "/bin/false"})
    assert (TOKEN in asked.out) == answers


def test_what_the_sandbox_prints_in_place_of_a_run_is_not_published(project, modal):
    deploy(project).ok()
    modal.breaks("sandbox.sh", "env > \"$FAKE_MODAL/seen\"; echo 'I2 not base64 at all'; echo later >&2\n")
    result = project.changeling("run", "night", "--on", "modal", "--json").expect(1)
    assert result.json["outcome"] == "failed" and "handed over" in result.json["error"]
    seen = (modal.folder / "seen").read_text()
    assert f"GITHUB_TOKEN={READING_TOKEN}\n" in seen and TOKEN not in seen
    assert project.remote.git("for-each-ref", "refs/heads/changelings") == ""


def test_a_sandbox_that_breaks_ends_the_run(project, modal):
    deploy(project).ok()
    modal.breaks("sandbox.sh", "exit 3\n")
    record = project.changeling("run", "night", "--on", "modal", "--json").expect(1).json
    assert (record["status"], record["outcome"]) == ("finished", "failed")


def test_a_changed_definition_does_not_run_there(project, modal):
    deploy(project).ok()
    project.changeling("update", "night", "--run", "echo other >> README.md").ok()
    result = project.changeling("run", "night", "--on", "modal").expect(1)
    assert "not trusted" in result.err
    assert project.runs() == []


def test_a_run_that_fails_there_ends_with_1(project, modal):
    project.changeling("update", "night", "--verify", "false").ok()
    deploy(project).ok()
    record = project.changeling("run", "night", "--on", "modal", "--json").expect(1).json
    assert record["outcome"] == "verification-failed"


def test_detached_it_is_only_started(project, modal):
    deploy(project).ok()
    answer = project.changeling("run", "night", "--on", "modal", "--detach", "--json").ok().json
    assert modal.calls()[-1][:2] == ["run", "--detach"] and answer["id"] in modal.calls()[-1]


def test_another_clone_deploys_before_it_runs(project, modal, sandbox):
    deploy(project).ok()
    clone = sandbox.clone(project.remote, "clone")
    clone.git("remote", "set-url", "origin", project.git("config", "remote.origin.url"))
    clone.changeling("init").ok()
    refused = clone.changeling("run", "night", "--on", "modal").expect(128)
    assert "another clone" in refused.err and "git changeling deploy night --to modal" in refused.err


# Taking it back, and looking at it.

def test_undeploying_stops_the_app(project, modal):
    deploy(project).ok()
    project.changeling("undeploy", "night", "--from", "modal").ok()
    assert modal.apps() == {APP: "stopped"}
    assert deployments(project) == {} and not app_file(project).exists()
    project.changeling("undeploy", "night").expect(128)


def test_undeploying_an_app_that_is_gone_is_no_failure(project, modal):
    deploy(project).ok()
    (modal.folder / "apps.json").write_text("{}")
    project.changeling("undeploy", "night").ok()
    assert deployments(project) == {}


def test_a_record_cannot_make_us_stop_another_app(project, modal):
    deploy(project).ok()
    (modal.folder / "apps.json").write_text(json.dumps({APP: "deployed", "payroll": "deployed"}))
    path = "deployments/night.json"
    record = project.show(STATE, path).replace(APP, "payroll")
    blob = project.sandbox.run("git", "hash-object", "-w", "--stdin", cwd=project.path, stdin=record).ok().out.strip()
    index = {"GIT_INDEX_FILE": str(project.sandbox.root / "index")}
    project.git("read-tree", STATE, env=index)
    project.git("update-index", "--cacheinfo", f"100644,{blob},{path}", env=index)
    tree = project.git("write-tree", env=index)
    project.git("update-ref", STATE, project.git("commit-tree", tree, "-p", STATE, "-m", "hostile"))
    assert "payroll" in project.changeling("undeploy", "night").expect(128).err
    project.changeling("undeploy", "night", "--force").ok()
    assert modal.apps()["payroll"] == "deployed"


@pytest.mark.parametrize("problem", ["missing", "logged-out", "slow"])
def test_status_does_without_modal(project, modal, sandbox, problem):
    deploy(project).ok()
    if problem == "missing":
        (sandbox.bin / "modal").unlink()
    else:
        modal.breaks(problem)
    entry = deployments(project)["night"]
    assert entry["app_state"] is None and entry["app"] == APP
    assert project.changeling("status").ok().err.count("Modal was not asked") == (problem != "missing")
