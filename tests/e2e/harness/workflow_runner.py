"""Runs the steps of a workflow file with bash, as a runner of GitHub Actions would: docker is not needed for that.

Knows what the generated workflow and action.yml use, and fails on everything else. Expressions are those of
https://docs.github.com/actions/reference/workflows-and-actions/expressions, of which only lookups, ==, !=, && and always() occur.
"""

import itertools
import pathlib
import re
import shutil

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


class Machine:
    """A runner for one job, with a home of its own. `token` is that of the job, `artifacts` a folder for those of its run."""

    def __init__(self, sandbox, remote, folder, *, token, artifacts, environment=None, url=None):
        self.sandbox = sandbox
        self.remote = remote
        self.url = url or str(remote.path)
        self.token = token
        self.artifacts = artifacts
        self.folder = folder
        self.workspace = folder / "workspace"
        (folder / "temp").mkdir(parents=True)
        (folder / "home").mkdir()
        self.repository = None
        self._scripts = itertools.count()
        self.variables = {
            "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_API_URL": "https://api.github.com",
            "GITHUB_SERVER_URL": "https://github.com", "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(folder / "temp"), "HOME": str(folder / "home"),
            "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None, "XDG_STATE_HOME": None, "XDG_CACHE_HOME": None,
            "GITHUB_TOKEN": None, **(environment or {})}

    def context(self, event, **more):
        self.variables["GITHUB_EVENT_NAME"] = event
        return {"steps": {}, "runner": {"temp": self.variables["RUNNER_TEMP"]},
                "github": {"token": self.token, "server_url": self.variables["GITHUB_SERVER_URL"], "event_name": event}, **more}

    def steps(self, steps, context, environment=None):
        """The `run:` steps, ready to be started; what others do happens when it is their turn."""
        for step in steps:
            if "if" in step and not holds(step["if"], context):
                continue
            if "uses" in step:
                if "part" in step.get("with", {}):
                    yield from self.own_action(step, context, environment)
                else:
                    self._use(step, context)
                continue
            assert step["shell"] == "bash"
            assert "${{" not in step["run"], "an expression inside a script"
            script = self.folder / f"step-{next(self._scripts)}.sh"
            script.write_text(step["run"])
            values = {**(environment or {}), **step.get("env", {})}
            yield Step(step["name"], script, {name: evaluate(str(value), context) for name, value in values.items()})
            if "id" in step:
                context["steps"][step["id"]] = {"outputs": self._outputs()}

    def own_action(self, step, context, environment=None):
        """The steps of the repository's own action.yml, but for those that install what the sandbox has already."""
        action = read_yaml((SOURCE_ROOT / "action.yml").read_text())
        given = {name: evaluate(str(value), context) for name, value in step["with"].items()}
        assert set(given) <= set(action["inputs"]), f"unknown inputs: {given}"
        inputs = {name: evaluate(declared["default"], context) for name, declared in action["inputs"].items()} | given
        inner = {**context, "inputs": inputs, "steps": {"look": {"outputs": {"there": "true"}}, "cache": {"outputs": {}}}}
        inner["github"] = {**context["github"], "action_path": str(SOURCE_ROOT)}
        steps = [one for one in action["runs"]["steps"] if one.get("id") != "look"]
        # What the calling step has in its environment, those of the action have, too.
        around = {**(environment or {}), **step.get("env", {})}
        around = {name: evaluate(str(value), context) for name, value in around.items()}
        yield from self.steps(steps, inner, around)
        if "id" in step:
            outputs = {name: evaluate(one["value"], inner) for name, one in action["outputs"].items()}
            context["steps"][step["id"]] = {"outputs": outputs}

    def _use(self, step, context):
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", step["uses"]), f"not pinned: {step['uses']}"
        options = {name: evaluate(str(value), context) for name, value in step.get("with", {}).items()}
        action = step["uses"].split("@")[0]
        if action == "actions/checkout":
            self.check_out(options)
        elif action == "actions/upload-artifact":
            assert options["if-no-files-found"] == "error" and options["overwrite"] == "true"
            shutil.copyfile(options["path"], self.artifacts / options["name"])
        elif action == "actions/download-artifact":
            # Without it the step fails, which it may.
            assert str(step["continue-on-error"]).lower() == "true"
            if (self.artifacts / options["name"]).exists():
                folder = pathlib.Path(options["path"])
                folder.mkdir(parents=True)
                shutil.copyfile(self.artifacts / options["name"], folder / "run.bundle")
        # Any other one installs what the sandbox has already.

    def _outputs(self):
        file = self.folder / "output"
        return dict(line.split("=", 1) for line in file.read_text().splitlines()) if file.exists() else {}

    def check_out(self, options):
        assert str(options["fetch-depth"]) == "0" and str(options["persist-credentials"]).lower() == "false"
        helper = f"!f() {{ echo username=x-access-token; echo password={self.token}; }}; f"
        self.sandbox.run("git", "-c", f"credential.helper={helper}", "clone", "--quiet", self.url, self.workspace).ok()
        self.repository = Repository(self.sandbox, self.workspace)

    def environment_of(self, step):
        return {**self.variables, "GITHUB_OUTPUT": str(self.folder / "output"), "GITHUB_PATH": str(self.folder / "path"),
                **step.environment}

    def run_step(self, step):
        return self.sandbox.run(*step.words(), cwd=self.workspace, env=self.environment_of(step))

    def start_step(self, step):
        return self.sandbox.start(*step.words(), cwd=self.workspace, env=self.environment_of(step))

    def run_all(self, steps):
        """Every step until one fails; the result of the last one."""
        result = None
        for step in steps:
            result = self.run_step(step)
            if result.code != 0:
                break
        return result


class Job:
    """A job whose turn it is: its machine, and its steps as Machine.steps() gives them."""

    def __init__(self, name, machine, steps):
        self.name = name
        self.machine = machine
        self.steps = steps


class WorkflowRunner:
    """Carries out one run of a workflow, each job on a machine of its own. `secrets` are those of the repository, `token`
    that of jobs that may write, `read_token` that of the others, which must leave the remote as it is."""

    _numbers = itertools.count(1)

    def __init__(self, sandbox, remote, *, secrets=None, token="job-token-of-actions", read_token="reading-token-of-actions",
                 environment=None, url=None):
        self.sandbox = sandbox
        self.remote = remote
        self.secrets = secrets or {}
        self.tokens = {"write": token, "read": read_token}
        self.folder = sandbox.root / f"runner-{next(self._numbers)}"
        self.artifacts = self.folder / "artifacts"
        self.artifacts.mkdir(parents=True)
        self.options = {"environment": environment, "url": url}
        self.machines = {}
        self.between = {}

    def handed_over(self):
        """The file that the working job has left."""
        return self.artifacts / "hand-over"

    def before(self, job, action):
        """Something that happens right before a job: `action` gets this runner."""
        self.between[job] = action

    def machine(self, name, permissions):
        right = permissions.get("contents", "read")
        return Machine(self.sandbox, self.remote, self.folder / name, token=self.tokens[right], artifacts=self.artifacts,
                       **self.options)

    def jobs(self, workflow, *, event="workflow_dispatch", inputs=None):
        """The jobs in their order, each when its turn comes: the caller runs its steps and sends back whether it succeeded."""
        document = read_yaml(workflow)
        dispatched = event == "workflow_dispatch" and isinstance(document["on"], dict)
        declared = document["on"]["workflow_dispatch"]["inputs"] if dispatched else {}
        values = {name: declaration["default"] for name, declaration in declared.items()} | (inputs or {})
        assert set(values) == set(declared), f"unknown inputs: {values}"
        needs = {}
        for name, job in document["jobs"].items():
            needed = job.get("needs", [])
            needed = [needed] if isinstance(needed, str) else needed
            assert set(needed) <= set(needs), "the jobs are not in their order"
            known = {one: needs[one] for one in needed}
            wanted = holds(job["if"], {"needs": known}) if "if" in job else all(
                one["result"] == "success" for one in known.values())
            if not wanted:
                needs[name] = {"result": "skipped", "outputs": {}}
                continue
            if name in self.between:
                self.between[name](self)
            machine = self.machines[name] = self.machine(name, job.get("permissions", document["permissions"]))
            context = machine.context(event, inputs=values, secrets=self.secrets, needs=known, env=document.get("env", {}))
            succeeded = yield Job(name, machine, machine.steps(job["steps"], context, document.get("env")))
            outputs = {key: evaluate(value, context) for key, value in job.get("outputs", {}).items()}
            needs[name] = {"result": "success" if succeeded else "failure", "outputs": outputs}

    def run(self, workflow, **options):
        """Every job; the result of the first step that failed, or of the last one."""
        jobs = self.jobs(workflow, **options)
        failed = result = None
        job = next(jobs)
        while True:
            before = self.remote.git("for-each-ref")
            result = job.machine.run_all(job.steps)
            if job.machine.token == self.tokens["read"] != self.tokens["write"]:
                assert self.remote.git("for-each-ref") == before, "a job that may only read has written"
            if result.code != 0 and failed is None:
                failed = result
            try:
                job = jobs.send(result.code == 0)
            except StopIteration:
                return failed or result


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
        if part.strip() == "always()":
            return True
        left, operator, right = re.fullmatch(r"\s*([\w.-]+)\s*(==|!=)\s*'([^']*)'\s*", part).groups()
        return (str(lookup(left, context)) == right) == (operator == "==")

    return all(one(part) for part in condition.split("&&"))
