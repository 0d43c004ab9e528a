"""The command tree as `git-changeling __dump-cli` prints it."""

import dataclasses
import json
import subprocess

PROGRAM = "git changeling"

# What can be completed for a positional or an option's value, by the word that stands for it in the usage. The
# word NAME means another thing with each group of commands.
VALUE_KINDS = {"NAMES": "changelings", "RUN": "runs", "NUMBER": "pulls", "PULL": "pulls", "TEMPLATE": "templates", "FILE": "files",
               "PATH": "files", "DIRECTORY": "files", "BRANCH": "branches", "B": "branches", "REMOTE": "remotes",
               "AGENT": "agents", "CHANGELING": "changelings"}
NAMED_BY_GROUP = {"templates": "templates"}
# These take a new name, which nothing can complete.
NEW_NAMES = {("add",), ("agent", "add"), ("role", "add"), ("webhook", "add")}


@dataclasses.dataclass
class Option:
    names: list
    value: str | None
    help: str
    choices: list
    repeatable: bool

    @property
    def kind(self):
        """What completes the value: "choices", "files", …, or nothing."""
        return "choices" if self.choices else VALUE_KINDS.get(self.value or "")

    def usage(self):
        """"--schedule CRON", "-n, --limit N"."""
        return ", ".join(self.names) + (f" {self.value}" if self.value else "")


@dataclasses.dataclass
class Positional:
    name: str
    help: str
    required: bool
    repeatable: bool

    def usage(self):
        word = self.name + ("..." if self.repeatable else "")
        return word if self.required else f"[{word}]"


@dataclasses.dataclass
class Setting:
    """One key of the configuration."""
    key: str
    value: str
    default: str | None
    otherwise: str | None
    help: str
    several: bool


@dataclasses.dataclass
class Command:
    path: tuple
    summary: str
    description: str
    options: list
    positionals: list
    commands: list
    inherited: list = dataclasses.field(default_factory=list)
    settings: list = dataclasses.field(default_factory=list)  # Of the root only.
    lists: dict = dataclasses.field(default_factory=dict)  # Of the root only: {name: [{"word", "help", …}]}.
    sections: list = dataclasses.field(default_factory=list)  # Of the root only: [{"title", "names"}].

    @property
    def name(self):
        return self.path[-1] if self.path else ""

    def own_options(self):
        """The options without -h, which every command has and the pages explain once."""
        return [option for option in self.options if "--help" not in option.names or not self.path]

    def accepted_options(self):
        """Its own options and those that every command takes."""
        return self.options + self.inherited

    def words(self):
        return " ".join((PROGRAM, *self.path))

    def usage(self):
        """The one-line form: "git changeling add [OPTION...] NAME"."""
        parts = [self.words()]
        if self.own_options():
            parts.append("[OPTION...]")
        if self.commands:
            parts.append("COMMAND")
        return " ".join(parts + [positional.usage() for positional in self.positionals])

    def walk(self):
        """This command and all below it, in order."""
        yield self
        for command in self.commands:
            yield from command.walk()

    def positional_kind(self, positional):
        name = positional.name.upper()
        if not name.startswith("NAME"):
            return VALUE_KINDS.get(name)
        if self.path in NEW_NAMES:
            return None
        if len(self.path) > 1:
            return NAMED_BY_GROUP.get(self.path[0])
        return "changelings"


def _command(record):
    return Command(
        path=tuple(record.get("path", ())),
        summary=record.get("summary", ""),
        description=record.get("description", ""),
        options=[Option(option["names"], _value_name(option.get("value")), option.get("help", ""),
                        option.get("choices", []), option.get("repeatable", False))
                 for option in record.get("options", [])],
        positionals=[Positional(positional["name"].upper(), positional.get("help", ""), positional.get("required", True),
                                positional.get("repeatable", False))
                     for positional in record.get("positionals", [])],
        commands=sorted((_command(command) for command in record.get("commands", [])), key=lambda each: each.name))


def _value_name(value):
    """CLI11 writes a check behind the name, as in "N:NONNEGATIVE"; people know what a number is."""
    return value.split(":")[0] if value else None


def parse(text):
    """The root command; its `commands` are the subcommands."""
    record = json.loads(text)
    root = _command(record)
    root.settings = [Setting(**setting) for setting in record.get("settings", [])]
    root.lists = record.get("lists", {})
    root.sections = record.get("sections", [])
    everywhere = [option for option in root.options if "--version" not in option.names]
    for command in root.walk():
        taken = {name for option in command.options for name in option.names}
        command.inherited = [option for option in everywhere if not taken.intersection(option.names)]
    return root


def read(program):
    dumped = subprocess.run([program, "__dump-cli"], check=True, capture_output=True, text=True)
    return parse(dumped.stdout)


def sentence(text):
    """Help texts are written without a full stop in some places; as a paragraph they get one."""
    text = " ".join(text.split())
    return text if not text or text[-1] in ".:!?" else text + "."
