"""The names of Modal's package that a generated app uses. Nothing is built, and functions stay functions; a Sandbox is a
process with a home of its own and no secret but those that it was given."""

import json
import os
import pathlib
import subprocess
import tempfile

FOLDER = pathlib.Path(os.environ["FAKE_MODAL"])


class Cron:
    def __init__(self, cron_string, timezone="UTC"):
        assert len(cron_string.split()) == 5
        self.cron_string = cron_string
        self.timezone = timezone


class Secret:
    def __init__(self, name, required_keys):
        self.name = name
        self.required_keys = required_keys

    @classmethod
    def from_name(cls, name, *, required_keys=()):
        return cls(name, list(required_keys))

    @classmethod
    def from_dict(cls, values):
        secret = cls("", [])
        secret.values = values
        return secret

    def variables(self, known):
        return getattr(self, "values", None) or known[self.name]


class Image:
    def __init__(self, steps):
        self.steps = steps

    @classmethod
    def debian_slim(cls, python_version=None):
        return cls([("debian_slim", python_version)])

    def apt_install(self, *packages):
        return Image([*self.steps, ("apt", *packages)])

    def run_commands(self, *commands):
        return Image([*self.steps, ("run", *commands)])


class Function:
    def __init__(self, call, options):
        self.call = call
        self.options = options

    def __call__(self, **arguments):
        return self.call(**arguments)


class App:
    all = []

    def __init__(self, name):
        self.name = name
        self.functions = {}
        App.all.append(self)

    def function(self, *, image, secrets, schedule=None, timeout=300, max_containers=None):
        options = {"image": image, "schedule": schedule, "secrets": secrets, "timeout": timeout,
                   "max_containers": max_containers}

        def register(call):
            self.functions[call.__name__] = Function(call, options)
            return self.functions[call.__name__]

        return register


class Stream:
    def __init__(self, text):
        self.text = text

    def read(self):
        return self.text

    def __iter__(self):
        return iter(self.text.splitlines(keepends=True))


class Sandbox:
    """Runs to its end where it is created; that is all that an app can tell."""

    @classmethod
    def create(cls, *words, image, secrets, timeout):
        assert isinstance(image, Image) and timeout > 0
        file = FOLDER / "secrets.json"
        known = json.loads(file.read_text())
        taken = {name for variables in known.values() for name in variables}
        environment = {name: value for name, value in os.environ.items()
                       if name not in taken and not name.startswith("GIT_CONFIG_")}
        # The user's configuration of git stands for the network between the machines.
        environment["GIT_CONFIG_GLOBAL"] = os.environ.get("GIT_CONFIG_GLOBAL", os.devnull)
        environment["HOME"] = tempfile.mkdtemp(dir=FOLDER)
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            environment.pop(name, None)
        for secret in secrets:
            environment.update(secret.variables(known))
        other = FOLDER / "sandbox.sh"
        if other.exists():
            words = ("bash", str(other), *words)
        ended = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        sandbox = cls()
        sandbox.stdout, sandbox.stderr, sandbox.returncode = Stream(ended.stdout), Stream(ended.stderr), ended.returncode
        return sandbox

    def wait(self):
        return self.returncode

    def terminate(self):
        raise AssertionError("it printed too much")
