"""Runs on GitHub Actions: the steps of the workflow run here with bash, and `run --on github-actions` is followed on a
server that validates every request."""

import itertools

import pytest

from deployed_night import STATE, WORKFLOW, add_night, commit_and_push, deploy, deployed, deployments  # noqa: F401
from github_server import github_server, node_modules  # noqa: F401 (a fixture)
from harness.git_servers import HttpServer
from harness.workflow_runner import WorkflowRunner
from test_deploy_github_actions import example_workflow
from test_github import on_github


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
    assert not (runner.machines["begin"].workspace / "gone").exists()


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
    add_night(repository, "--secret", "NPM_TOKEN", script='test "$NPM_TOKEN" = hunter22; env | sed s/=.*// > seen')
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
        runner = WorkflowRunner(sandbox, repository.remote, token=token, read_token=token, url=server.url(repository.remote),
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


# What the working job leaves.

def test_what_an_agent_leaves_in_place_of_its_run_is_not_published(deployed, sandbox):
    runner = WorkflowRunner(sandbox, deployed.remote)
    runner.before("publish", lambda run: run.handed_over().write_bytes(b"# v2 git bundle\nnot what was asked for\n\n"))
    result = runner.run(deployed.workflow, event="schedule").expect(1)
    assert "what was handed over cannot be taken" in result.out
    deployed.changeling("sync").ok()
    record, = deployed.runs()
    assert record["outcome"] == "failed" and record["pull_request"] is None
    assert deployed.remote.git("for-each-ref", "refs/heads/changelings") == ""


def test_a_working_job_that_leaves_nothing_ends_the_run(deployed, sandbox):
    runner = WorkflowRunner(sandbox, deployed.remote)
    runner.before("publish", lambda run: run.handed_over().unlink())
    runner.run(deployed.workflow, event="schedule").expect(1)
    deployed.changeling("sync").ok()
    record, = deployed.runs()
    assert (record["status"], record["outcome"]) == ("finished", "failed") and "left nothing" in record["error"]
    # Nobody waits for it.
    WorkflowRunner(sandbox, deployed.remote).run(deployed.workflow, event="schedule").ok()


def test_publishing_again_changes_nothing(deployed, sandbox):
    runner = WorkflowRunner(sandbox, deployed.remote)
    runner.run(deployed.workflow, event="schedule").ok()
    before = deployed.remote.git("for-each-ref")
    machine = runner.machines["publish"]
    record, = machine.repository.changeling("runs", "list", "--json", env=machine.variables).ok().json["runs"]
    file = machine.folder / "temp" / "hand-over" / "run.bundle"
    again = machine.repository.changeling("publish", record["id"], str(file), "--json", env=machine.variables).ok().json
    assert again["pull_request"] == record["pull_request"] is not None
    assert deployed.remote.git("for-each-ref") == before


def test_an_agent_that_pushes_reaches_nothing(repository, sandbox):
    """The runner checks that a job which may only read leaves the remote as it is."""
    # As it would have to go about it there, where the remote's own address needs the token.
    add_night(repository, script="git push origin HEAD:refs/heads/stolen || true; echo by night >> README.md")
    deploy(repository).ok()
    commit_and_push(repository)
    result = WorkflowRunner(sandbox, repository.remote).run(repository.read(WORKFLOW), event="schedule").ok()
    assert "opened-pr" in result.out


def test_the_evidence_says_where_the_checks_ran(repository, sandbox):
    add_night(repository, "--verify", "grep -q night README.md")
    deploy(repository).ok()
    commit_and_push(repository)
    WorkflowRunner(sandbox, repository.remote).run(repository.read(WORKFLOW), event="schedule").ok()
    repository.changeling("sync").ok()
    pull, = repository.changeling("review", "list", "--json").ok().json["pull_requests"]
    shown = repository.changeling("review", "show", str(pull["number"])).ok().out
    assert "grep -q night README.md" in shown and "ran in the job that the agent worked in" in shown


def test_a_run_in_parts_is_refused_where_it_makes_no_sense(deployed):
    assert "--hand-over needs --id" in deployed.changeling("run", "night", "--hand-over", "x").expect(129).err
    assert "--begin" in deployed.changeling("run", "night", "--begin", "--detach").expect(129).err
    assert "--begin" in deployed.changeling("run", "night", "--begin", "--max-turns", "3").expect(129).err
    refused = deployed.changeling("run", "night", "--id", "abcde234", "--hand-over", "x").expect(128)
    assert "no run abcde234" in refused.err and "--begin" in refused.err
    assert "no run abcde234" in deployed.changeling("publish", "abcde234", "x").expect(128).err


def test_two_runners_at_once_run_it_once(repository, sandbox):
    started, go = sandbox.marks / "started", sandbox.marks / "go"
    script = f"echo once >> {started}; while [ ! -e {go} ]; do sleep 0.05; done; echo by night >> README.md"
    add_night(repository, script=script)
    task = repository.add_task("One thing to do")
    deploy(repository).ok()
    commit_and_push(repository)
    workflow = repository.read(WORKFLOW)
    one, other = (WorkflowRunner(sandbox, repository.remote) for _ in range(2))
    jobs = one.jobs(workflow, event="schedule")
    begin = next(jobs)
    begin.machine.run_all(begin.steps).ok()
    working = jobs.send(True)
    *before, work = itertools.islice(working.steps, 2)
    for step in before:
        working.machine.run_step(step).ok()
    first = working.machine.start_step(work)
    sandbox.wait_until(started.exists, "the agent of the first runner works")
    second = other.run(workflow, event="schedule").expect(1)
    assert "not started" in second.err
    claims = [machine.repository.changeling("task", "claim", "--json", env=machine.variables)
              for machine in (begin.machine, other.machines["begin"])]
    assert sorted(claim.code for claim in claims) == [0, 1]
    assert next(claim.json["id"] for claim in claims if claim.code == 0) == task["id"]
    go.touch()
    first.finish().ok()
    assert next(working.steps, None) is None
    publish = jobs.send(True)
    publish.machine.run_all(publish.steps).ok()
    assert started.read_text() == "once\n"
    repository.changeling("sync").ok()
    record, = repository.runs()
    assert record["outcome"] == "opened-pr"
    assert repository.task(task["id"])["status"] == "in_flight"


# The action in a workflow of somebody's own.

@pytest.fixture
def own_workflow(deployed):
    """The one of docs/deploy.md."""
    return example_workflow().replace("the portable_digest of night in git changeling trust --list --json",
                                      deployments(deployed)["night"]["digest"])


def test_the_action_runs_a_changeling_in_three_parts(deployed, sandbox, own_workflow):
    runner = WorkflowRunner(sandbox, deployed.remote)
    assert "opened-pr" in runner.run(own_workflow).ok().out
    assert list(runner.machines) == ["begin", "work", "publish"]
    deployed.changeling("sync").ok()
    record, = deployed.runs()
    assert deployed.remote.show(record["branch"], "README.md").endswith("by night\n")


def test_the_action_refuses_another_definition(deployed, sandbox, own_workflow):
    changed = own_workflow.replace(deployments(deployed)["night"]["digest"], "0" * 64)
    assert "not trusted" in WorkflowRunner(sandbox, deployed.remote).run(changed).expect(128).err


def test_the_action_publishes_nothing_that_was_put_in_the_place_of_its_run(deployed, sandbox, own_workflow):
    runner = WorkflowRunner(sandbox, deployed.remote)
    runner.before("publish", lambda run: run.handed_over().write_bytes(b"# v2 git bundle\nnot what was asked for\n\n"))
    assert "what was handed over cannot be taken" in runner.run(own_workflow).expect(1).out
    assert deployed.remote.git("for-each-ref", "refs/heads/changelings") == ""


@pytest.mark.parametrize("old, new, said", [
    ("part: begin", 'part: ""', "a changeling runs in three jobs"),
    ("part: begin", "part: all", "a changeling runs in three jobs"),
    ("part: begin", "part: work", "part work needs run-id"),
])
def test_the_action_lets_no_agent_work_where_it_was_not_told_to(deployed, sandbox, own_workflow, old, new, said):
    result = WorkflowRunner(sandbox, deployed.remote).run(own_workflow.replace(old, new)).expect(1)
    assert "::error::" in result.out and said in result.out
    deployed.changeling("sync").ok()
    assert deployed.runs() == []


def test_the_definition_may_lie_in_the_file(repository, sandbox):
    repository.write(".changelings.toml", '[changelings.night]\nrun = "echo by night >> README.md"\n')
    repository.changeling("trust", "night", "--yes").ok()
    assert "git add .github/workflows/changeling-night.yml .changelings.toml" in deploy(repository).ok().out
    commit_and_push(repository)
    WorkflowRunner(sandbox, repository.remote).run(repository.read(WORKFLOW)).ok()


# Approving by digest.


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
