"""The commands of the program, as it tells them itself (`__dump-cli`)."""

#: What stands for each argument that a command cannot do without; words in braces come from the repository.
ARGUMENTS = {"name": "sprite", "names": "sprite", "task": "{task}", "tasks": "{task}", "run": "{run}", "number": "1",
             "status": "review", "text": "hello", "event": "post-merge", "file": "{file}"}
#: Without these a command would not end, or would do more than a test of its words wants.
ALWAYS = {"work": ["--once"], "run": ["--dry-run"], "tick": ["--dry-run"], "deploy": ["--dry-run", "--to", "modal"],
          "hook run": ["--wait"]}


def commands_of(tree):
    """Every command that is no group, by its words: {"task add": {"options": …, "positionals": …}}."""
    found = {}
    for command in tree["commands"]:
        if command["commands"]:
            found.update(commands_of(command))
        else:
            found[" ".join(command["path"])] = command
    return found


def names_of(tree):
    """Every word that is the name of a command or of a group."""
    names = set()
    for command in commands_of(tree).values():
        names.update(command["path"])
    return sorted(names)


def needed_words(path, command, known):
    """Words with which the command can do something; `known` fills in what is in braces."""
    words = list(ALWAYS.get(path, []))
    for positional in command["positionals"]:
        if not positional["required"]:
            continue
        word = "writer" if path.startswith("role ") else ARGUMENTS.get(positional["name"], "x")
        if path.startswith("templates "):
            word = "typo-sprite"
        words.append(word.format(**known))
    return words


def value_options(command):
    """The longest name of each option that takes a value."""
    return [max(option["names"], key=len) for option in command["options"] if option["value"]]
