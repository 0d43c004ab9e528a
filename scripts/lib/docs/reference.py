"""docs/reference.md: every command with its arguments and options."""

from docs.tree import sentence

HEAD = """\
# Command reference

Every command with its arguments and options. This page, the manual page (`git help changeling`) and the
completions are made by `scripts/generate-docs` from the command tree inside the program; do not edit it.

Options may stand anywhere behind their command; those of every command also before it. Each takes one value, whatever
that looks like, and is repeated where several make sense. Behind `--` every word is an argument. A word that has no place
is refused, also when it is the name of a command: quote what belongs together.

"""


def write(root):
    parts = [HEAD, "| command | what it does |\n| --- | --- |\n"]
    commands = [command for command in root.walk() if command.path]
    for command in commands:
        if not command.commands:
            parts.append(f"| [`{' '.join(command.path)}`](#{_anchor(command)}) | {_cell(command.summary)} |\n")
    if root.own_options():
        parts.append("\n## Options of every command\n\n" + _options(root.own_options()))
    for command in commands:
        parts.append(_command(command))
    return "".join(parts)


def _anchor(command):
    return "-".join(("git", "changeling", *command.path))


def _command(command):
    level = "##" if len(command.path) == 1 else "###"
    parts = [f"\n{level} {command.words()}\n\n"]
    if not command.commands:
        parts.append(f"    {command.usage()}\n\n")
    parts.append((command.description or sentence(command.summary)).strip() + "\n")
    if command.positionals and any(positional.help for positional in command.positionals):
        parts.append("\n| argument | |\n| --- | --- |\n")
        parts += [f"| `{positional.usage()}` | {_cell(positional.help)} |\n" for positional in command.positionals]
    if command.own_options():
        parts.append("\n" + _options(command.own_options()))
    return "".join(parts)


def _options(options):
    rows = ["| option | |\n| --- | --- |\n"]
    for option in options:
        help_text = option.help
        if option.choices and not all(choice in help_text for choice in option.choices):
            help_text = sentence(help_text) + " One of " + ", ".join(f"`{choice}`" for choice in option.choices) + "."
        if option.repeatable:
            help_text = sentence(help_text) + " May be repeated."
        rows.append(f"| `{option.usage()}` | {_cell(help_text)} |\n")
    return "".join(rows)


def _cell(text):
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
