"""libgit2 is never asked to talk to a remote: git does that, and the parts of libgit2 for it are not linked."""

import re

import includes

# What opens a connection, in libgit2's own functions.
TRANSPORTING = re.compile(r"\bgit_(?:remote|clone|fetch|push|transport|submodule_(?:clone|update|add)|stream|smart|"
                          r"credential|proxy)(?:_[a-z0-9_]+)?\b")


def transports(root):
    return [f"{path}:{line}: {word} opens connections; see cmake/static/no_transports.cpp"
            for path, text in includes.sources(root)
            for line, code in includes._code_lines(text) for word in TRANSPORTING.findall(code)]


def test_no_source_asks_libgit2_for_a_transport(source_root):
    assert transports(source_root) == []


def test_a_transport_is_found(tree):
    root = tree({"src/git/a.cpp": "check(git_remote_fetch(remote, nullptr, nullptr, nullptr), \"fetch\");\n"
                                  "// git_clone is named in a comment\n"})
    assert [line.split(":")[1] for line in transports(root)] == ["1"]
