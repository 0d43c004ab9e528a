"""What the program tells people to type is a command that there is."""

import re

# "git changeling is …": of these words none is to be typed.
PROSE = {"is", "does", "keeps", "where", "sends", "takes", "project", "the", "and", "a"}


def commands(source_root):
    """The words of every command, as the reference has them."""
    heads = re.findall(r"^#+ git changeling ([a-z_ -]+)$", (source_root / "docs" / "reference.md").read_text(), re.MULTILINE)
    return {tuple(head.split()) for head in heads}


def named(source_root):
    """(file, words) of everything that looks like a command in a text of the program."""
    for file in sorted((source_root / "src").rglob("*.cpp")):
        # A text goes on in the next literal.
        joined = re.sub(r'"\s*\n\s*"', "", file.read_text())
        for text in re.findall(r'"(?:[^"\\\n]|\\.)*"', joined):
            for words in re.findall(r"git changeling ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", text):
                yield file.relative_to(source_root), tuple(words.split())


def test_every_command_in_a_hint_exists(source_root):
    known = commands(source_root)
    assert ("run",) in known and ("task", "add") in known
    groups = {command[0] for command in known if len(command) == 2}
    wrong = []
    for file, words in named(source_root):
        if words[0] in PROSE:
            continue
        is_prose = len(words) == 2 and words[1] in PROSE
        is_known = words in known or (words[0] in groups and (len(words) == 1 or is_prose))
        if not is_known and words[:1] not in known:
            wrong.append(f"{file}: git changeling {' '.join(words)}")
    assert wrong == []
