"""Spoils records of the shared state with git's own commands, as a bad program, a bad merge or a bad disk would."""

import json

STATE = "refs/changelings/state"

#: What becomes of a record. Each gets the record's bytes and path, and gives (mode, bytes) by path.
FILE, LINK, SUBMODULE = "100644", "120000", "160000"


def _wrong_shape(content, path):
    return {path: (FILE, b"[1, 2]\n")}


def _wrong_types(content, path):
    if path.endswith(".toml"):
        return {path: (FILE, b"prompt = 7\n")}
    record = json.loads(content)
    return {path: (FILE, json.dumps({key: {"not": "this"} for key in record}).encode())}


def _not_utf8(content, path):
    if path.endswith(".toml"):
        return {path: (FILE, b'prompt = "\xff\xfe"\n')}
    return {path: (FILE, content.replace(b'": "', b'": "\xff\xfe', 1))}


def _wrong_id(content, path):
    record = json.loads(content)
    key = "number" if "number" in record else "id"
    record[key] = 77 if key == "number" else "otherid1"
    return {path: (FILE, json.dumps(record).encode())}


KINDS = {
    "empty": lambda content, path: {path: (FILE, b"")},
    "cut": lambda content, path: {path: (FILE, content.rstrip()[:-1])},
    "wrong shape": _wrong_shape,
    "wrong types": _wrong_types,
    "not UTF-8": _not_utf8,
    "folder": lambda content, path: {path: None, f"{path}/inside": (FILE, content)},
    "link": lambda content, path: {path: (LINK, b"elsewhere")},
    "submodule": lambda content, path: {path: (SUBMODULE, None)},
    "wrong id": _wrong_id,
}


def put(repository, entries, message="spoil", reference=STATE):
    """One commit on the state that gives each path a (mode, bytes), or removes it (None). Returns its id."""
    index = {"GIT_INDEX_FILE": str(repository.sandbox.root / "damage.index")}
    repository.git("read-tree", reference, env=index)
    for path, entry in entries.items():
        if entry is None:
            repository.git("update-index", "--force-remove", path, env=index)
            continue
        mode, content = entry
        if content is None:
            blob = repository.head(reference)
        else:
            file = repository.sandbox.write("damage.content", content)
            blob = repository.git("hash-object", "-w", str(file))
        repository.git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}", env=index)
    tree = repository.git("write-tree", env=index)
    commit = repository.git("commit-tree", tree, "-p", reference, "-m", message)
    repository.git("update-ref", reference, commit)
    return commit


def spoil(repository, kind, *paths):
    """Damages the records at these paths. Returns the commit."""
    entries = {}
    for path in paths:
        content = repository.git("cat-file", "blob", f"{STATE}:{path}").encode()
        entries.update(KINDS[kind](content, path))
    return put(repository, entries)


def entry(repository, path, reference=STATE):
    """What git has at the path: its mode and object, byte for byte."""
    return repository.git("ls-tree", reference, "--", path).split("\t")[0]
