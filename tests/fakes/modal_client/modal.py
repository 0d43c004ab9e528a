"""The names of Modal's package that a generated app uses. Nothing is built, and functions stay functions."""


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

    def function(self, *, image, schedule, secrets, timeout, max_containers):
        options = {"image": image, "schedule": schedule, "secrets": secrets, "timeout": timeout,
                   "max_containers": max_containers}

        def register(call):
            self.functions[call.__name__] = Function(call, options)
            return self.functions[call.__name__]

        return register
