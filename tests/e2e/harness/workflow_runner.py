"""Runs the steps of a workflow file with bash, as a runner of GitHub Actions would: docker is not needed for that.

Knows what the generated workflow and action.yml use, and fails on everything else. Expressions are those of
https://docs.github.com/actions/reference/workflows-and-actions/expressions, of which only lookups, ==, != and && occur.
"""

import itertools
import pathlib
import re

import yaml

from harness.repository import Repository

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[3]
_EXPRESSION = re.compile(r"\$\{\{(?:\s*'\$\{\{'\s*|(.*?))\}\}", re.DOTALL)


class _Strings(yaml.SafeLoader):
    """YAML as GitHub reads it, as far as it matters here: `on` is a word and no truth value."""


_Strings.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def read_yaml(text):
    return yaml.load(text, Loader=_Strings)


class Step:
    """One `run:` step, ready to be started."""

    def __init__(self, name, script, environment):
        self.name = name
        self.script = script
        self.environment = environment

    def words(self):
        # https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax: what `shell: bash` means.
        return ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(self.script)]


class WorkflowRunner:
    """One machine with a home of its own. `secrets` are those of the repository, `token` that of the job."""

    _numbers = itertools.count(1)

    def __init__(self, sandbox, remote, *, secrets=None, token="job-token-of-actions", environment=None, url=None):
        self.sandbox = sandbox
        self.remote = remote
        self.url = url or str(remote.path)
        self.secrets = secrets or {}
        self.token = token
        self.folder = sandbox.root / f"runner-{next(self._numbers)}"
        self.workspace = self.folder / "workspace"
        (self.folder / "temp").mkdir(parents=True)
        (self.folder / "home").mkdir()
        self.repository = None
        self.variables = {
            "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_API_URL": "https://api.github.com",
            "GITHUB_SERVER_URL": "https://github.com", "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.folder / "temp"), "HOME": str(self.folder / "home"),
            "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None, "XDG_STATE_HOME": None, "XDG_CACHE_HOME": None,
            "GITHUB_TOKEN": None, **(environment or {})}

    # Preparing.

    def prepare(self, workflow, *, event="workflow_dispatch", inputs=None):
        """Checks out, and returns the steps behind that, in order, without running them."""
        document = read_yaml(workflow)
        declared = document["on"]["workflow_dispatch"]["inputs"] if event == "workflow_dispatch" else {}
        values = {name: declaration["default"] for name, declaration in declared.items()} | (inputs or {})
        assert set(values) == set(declared), f"unknown inputs: {values}"
        self.variables["GITHUB_EVENT_NAME"] = event
        context = {"inputs": values, "secrets": self.secrets, "steps": {},
                   "github": {"token": self.token, "server_url": self.variables["GITHUB_SERVER_URL"], "event_name": event},
                   "runner": {"temp": self.variables["RUNNER_TEMP"]}}
        job, = document["jobs"].values()
        return list(self._steps(job["steps"], context))

    def prepare_action(self, inputs, *, event="workflow_dispatch"):
        """The steps of the repository's own action.yml behind a check-out."""
        self._check_out({"fetch-depth": 0, "persist-credentials": "false"})
        self.variables["GITHUB_EVENT_NAME"] = event
        action = read_yaml((SOURCE_ROOT / "action.yml").read_text())
        values = {name: declaration["default"] for name, declaration in action["inputs"].items()} | inputs
        context = {"inputs": values, "secrets": {}, "steps": {"look": {"outputs": {"there": "true"}}, "cache": {"outputs": {}}},
                   "github": {"token": self.token, "server_url": self.variables["GITHUB_SERVER_URL"], "event_name": event,
                              "action_path": str(SOURCE_ROOT)},
                   "runner": {"temp": self.variables["RUNNER_TEMP"]}}
        return list(self._steps(action["runs"]["steps"], context))

    def _steps(self, steps, context):
        for number, step in enumerate(steps):
            if "if" in step and not holds(step["if"], context):
                continue
            if "uses" in step:
                assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", step["uses"]), f"not pinned: {step['uses']}"
                if step["uses"].startswith("actions/checkout@"):
                    self._check_out(step["with"])
                # Any other one installs what the sandbox has already.
                continue
            assert step["shell"] == "bash"
            assert "${{" not in step["run"], "an expression inside a script"
            script = self.folder / f"step-{number}.sh"
            script.write_text(step["run"])
            environment = {name: evaluate(str(value), context) for name, value in step.get("env", {}).items()}
            yield Step(step["name"], script, environment)

    def _check_out(self, options):
        assert options["fetch-depth"] == 0 and str(options["persist-credentials"]).lower() == "false"
        helper = f"!f() {{ echo username=x-access-token; echo password={self.token}; }}; f"
        self.sandbox.run("git", "-c", f"credential.helper={helper}", "clone", "--quiet", self.url, self.workspace).ok()
        self.repository = Repository(self.sandbox, self.workspace)

    # Running.

    def environment_of(self, step):
        output = self.folder / "output"
        return {**self.variables, "GITHUB_OUTPUT": str(output), "GITHUB_PATH": str(self.folder / "path"), **step.environment}

    def run_step(self, step):
        return self.sandbox.run(*step.words(), cwd=self.workspace, env=self.environment_of(step))

    def start_step(self, step):
        return self.sandbox.start(*step.words(), cwd=self.workspace, env=self.environment_of(step))

    def run(self, workflow, **options):
        """Every step until one fails; the result of the last one."""
        return self._run_all(self.prepare(workflow, **options))

    def run_action(self, inputs, **options):
        return self._run_all(self.prepare_action(inputs, **options))

    def _run_all(self, steps):
        result = None
        for step in steps:
            result = self.run_step(step)
            if result.code != 0:
                break
        return result


def lookup(words, context):
    value = context
    for word in words.strip().split("."):
        value = value.get(word, "") if isinstance(value, dict) else ""
    return value


def evaluate(text, context):
    """A value with its expressions replaced."""
    return _EXPRESSION.sub(lambda found: "${{" if found[1] is None else str(lookup(found[1], context)), text)


def holds(condition, context):
    def one(part):
        left, operator, right = re.fullmatch(r"\s*([\w.-]+)\s*(==|!=)\s*'([^']*)'\s*", part).groups()
        return (str(lookup(left, context)) == right) == (operator == "==")

    return all(one(part) for part in condition.split("&&"))
