"""The manual pages, in mdoc(7): a page for each command and group, one for the settings, and the main page, whose frame
is the hand-written man/git-changeling.1.in."""

import re
import textwrap

from docs.tree import sentence

DATE = "November 30, 2026"


def write(root, template):
    """The main page, with a line for each command."""
    return template.replace("@DATE@", DATE).replace("@OPTIONS@", _options(root)) \
        .replace("@COMMANDS@", "\n".join(_section(section, root.commands) for section in root.sections))


def _section(section, commands):
    """The commands of one purpose, in the order of its names."""
    by_name = {command.name: command for command in commands}
    index = [f".It Xr {page_name(by_name[name])} 1\n{_text(by_name[name].summary)}" for name in section["names"]]
    return "\n".join([f".Ss {section['title']}", ".Bl -tag -width 8n -compact", *index, ".El"])


def pages(root):
    """{file name: page} of everything but the main page."""
    made = {f"{page_name(command)}.1": _page(command) for command in root.commands}
    made["git-changeling-config.5"] = _settings_page(root)
    return made


def page_name(command):
    return "git-changeling-" + "-".join(command.path)


def _head(name, section, summary):
    described = summary.strip().rstrip(".")
    return [f".Dd {DATE}", f".Dt {name.upper()} {section}", ".Os", ".Sh NAME", f".Nm {name}",
            f".Nd {_escape(described[0].lower() + described[1:])}"]


def _page(command):
    lines = _head(page_name(command), 1, command.summary)
    lines.append(".Sh SYNOPSIS")
    for each in command.commands or [command]:
        lines += [f".Nm git changeling {_words(each.path)}", *([".Op Ar options"] if each.own_options() else []),
                  *(_argument(positional) for positional in each.positionals)]
    lines += [".Sh DESCRIPTION", _text(command.description or command.summary)]
    if command.commands:
        lines += [".Sh COMMANDS", *(_command(each) for each in command.commands)]
    elif table := _table(command):
        lines += [".Sh OPTIONS", *table]
    lines += [".Sh SEE ALSO", "Options of every command, outcomes, environment and exit status are described in",
              ".Xr git-changeling 1 ,", "settings in", ".Xr git-changeling-config 5 ."]
    return "\n".join(lines) + "\n"


def _argument(positional):
    word = f"Ar {_escape(positional.name)}" + (" ..." if positional.repeatable else "")
    return f".{word}" if positional.required else f".Op {word}"


def _settings_page(root):
    lines = _head("git-changeling-config", 5, "Settings of git-changeling in git's configuration")
    lines += [".Sh DESCRIPTION", "Keys of", ".Xr git-config 1 ,", "read from every level.",
              ".Ql git changeling config list", "shows them with their values and where these come from;",
              ".Ql git changeling config set", "checks a value before it is written.",
              ".Bl -tag -width 8n", *(_setting(setting) for setting in root.settings), ".El",
              ".Sh SEE ALSO", ".Xr git-changeling 1 ,", ".Xr git-config 1"]
    return "\n".join(lines) + "\n"


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
    return "\n".join(lines + _table(command))


def _table(command):
    """Its arguments and options, or nothing."""
    described = [positional for positional in command.positionals if positional.help]
    if not described and not command.own_options():
        return []
    lines = [".Bl -tag -width 8n"]
    for positional in described:
        lines += [f".It Ar {_escape(positional.name)}", _text(positional.help)]
    return [*lines, *(_option(option) for option in command.own_options()), ".El"]


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
