"""The model speaks of what the code has: each row of the README's table of names is there on both sides."""

import re

import pytest

ROW = re.compile(r"^\| `(?P<model>\w+)` \| `(?P<code>\w+)` \| `(?P<file>src/[\w./]+)`(?P<to_come> \(to come\))? \|$",
                 re.MULTILINE)
REQUIRED = {"claim", "renew", "expire", "sync_state", "fence", "complete", "release"}


def rows(root):
    return [row.groupdict() for row in ROW.finditer((root / "docs/protocol/README.md").read_text())]


def inlines(root):
    return set(re.findall(r"^inline (\w+)\(", (root / "docs/protocol/claims.pml").read_text(), re.MULTILINE))


def missing(root, table, of_model):
    """What a row names and is not there. Only a row that is "(to come)" may name a file that is not there yet."""
    found = []
    for row in table:
        if row["model"] not in of_model:
            found.append(f"no inline {row['model']} in the model")
        file = root / row["file"]
        if row["to_come"] and not file.exists():
            continue
        if not file.exists() or not re.search(rf"\b{row['code']}\b", file.read_text()):
            found.append(f"no {row['code']} in {row['file']}")
    return found


def test_every_name_is_in_the_model_and_in_the_code(source_root):
    table = rows(source_root)
    assert REQUIRED <= {row["model"] for row in table}
    assert missing(source_root, table, inlines(source_root)) == []


@pytest.mark.parametrize("change", [{"model": "grab"}, {"code": "decide_grab"}, {"file": "src/queue/gone.hpp"},
                                    {"code": "decide_grab", "to_come": " (to come)"}],
                         ids=["model", "code", "file", "to come and wrong"])
def test_a_wrong_row_is_found(source_root, change):
    row = rows(source_root)[0] | change
    assert len(missing(source_root, [row], inlines(source_root))) == 1


def test_every_mutation_of_the_model_is_tried(source_root):
    named = set(re.findall(r"^#define ([A-Z_]+) \d+ +/\*", (source_root / "docs/protocol/claims.pml").read_text(),
                           re.MULTILINE)) - {"PERSON", "NONE", "FAULTS", "SHARED", "LIVENESS", "WORKERS"}
    tried = (source_root / "tests/protocol/test_claims.py").read_text()
    assert len(named) == 13
    assert [name for name in sorted(named) if f'"{name}"' not in tried] == []
