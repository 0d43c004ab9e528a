"""docs/settings.md: every key of git's configuration that the program reads."""

HEAD = """\
# Settings

Keys of git's configuration. `git changeling config list` shows them with their values and where these come from,
`git changeling config set KEY VALUE` checks a value before it is written; `git config` reads and writes them as well, for
one repository or with `--global` for all. A key below `changeling.` that is not here is named by every command, with the
nearest right one. This page is made by `scripts/generate-docs` from the table inside the program; do not edit it.

| key | value | without it | what it decides |
| --- | --- | --- | --- |
"""

TAIL = """
Further sections: `changeling.task.OPTION` for runs of tasks ([configuration.md](configuration.md#tasks)), and
`changeling-alert.EVENT.command` for alerts ([events.md](events.md#alerts)).
"""


def write(root):
    return HEAD + "".join(_row(setting) for setting in root.settings) + TAIL


def _row(setting):
    value = setting.value.replace("|", "\\|") + (", several" if setting.several else "")
    default = f"`{setting.default}`" if setting.default else setting.otherwise or ""
    return f"| `{setting.key}` | {value} | {default} | {setting.help}. |\n"
