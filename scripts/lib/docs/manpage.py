"""The manual page, in mdoc(7): the command tree put into the hand-written man/git-changeling.1.in."""

import re
import textwrap

from docs.tree import sentence


def write(root, template):
    commands = "\n".join(_command(command) for command in root.walk() if command.path)
    return template.replace("@OPTIONS@", _options(root)).replace("@COMMANDS@", commands) \
        .replace("@SETTINGS@", "\n".join(_setting(setting) for setting in root.settings))


def _setting(setting):
    default = setting.default or setting.otherwise
    lines = [f".It Cm {_escape(setting.key)} Ar {_escape(setting.value)}", _text(setting.help)]
    if default:
        lines.append(_text(f"Without it: {default}"))
    return "\n".join(lines)


def _command(command):
    if command.commands:
        # A group says what its commands have in common; they follow one by one.
        lines = [f".Ss {_words(command.path)}", _text(command.description or command.summary)]
        return "\n".join(lines)
    lines = [f".Ss {_words(command.path)}", ".Bd -ragged -offset indent -compact", _synopsis(command), ".Ed", ".Pp",
             _text(command.description or command.summary)]
    described = [positional for positional in command.positionals if positional.help]
    if described or command.own_options():
        lines.append(".Bl -tag -width 8n")
        for positional in described:
            lines += [f".It Ar {_escape(positional.name)}", _text(positional.help)]
        lines += [_option(option) for option in command.own_options()]
        lines.append(".El")
    return "\n".join(lines)


def _synopsis(command):
    words = ["git changeling " + " ".join(command.path)]
    if command.own_options():
        words.append("[options]")
    words += [positional.usage() for positional in command.positionals]
    return _escape(" ".join(words))


def _options(command):
    return "\n".join([".Bl -tag -width 8n", *(_option(option) for option in command.own_options()), ".El"]) \
        if command.own_options() else ""


def _option(option):
    flags = " , ".join(f"Fl {_escape(name.removeprefix('-'))}" for name in option.names)
    value = f" Ar {_escape(option.value)}" if option.value else ""
    help_text = option.help
    if option.choices and not all(choice in help_text for choice in option.choices):
        help_text = sentence(help_text) + " One of " + ", ".join(option.choices) + "."
    if option.repeatable:
        help_text = sentence(help_text) + " May be repeated."
    return f".It {flags}{value}\n{_text(help_text)}"


def _words(path):
    return " ".join(_escape(word) for word in path)


def _escape(text):
    return text.replace("\\", "\\e")


def _text(text):
    """Paragraphs of plain text; every sentence begins a line, as mdoc wants it."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = []
        for part in re.split(r"(?<=[.!?])\s+(?=[A-Z`\"])", sentence(paragraph)):
            lines += textwrap.wrap(_escape(part), 76, break_long_words=False, break_on_hyphens=False)
        paragraphs.append("\n".join(("\\&" if line[0] in ".'" else "") + line for line in lines if line))
    return "\n.Pp\n".join(paragraphs)
