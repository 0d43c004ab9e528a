"""The files of an accepted request come out as git itself writes them, and nothing of the user's is lost."""

import pytest

from harness.proposals import accept, check_accepted, check_refused, propose


def prepared(repository, files, *settings):
    """The files on main and on the remote, with settings that the clone has."""
    for key, value in settings:
        repository.git("config", key, value)
    repository.commit(files, "prepare")
    repository.git("push", "--quiet", "origin", "main")
    return repository


def test_a_filter_writes_the_files(repository):
    """A required filter that turns letters round by thirteen, as tools for secrets do."""
    rotated = ("tr 'A-Za-z' 'N-ZA-Mn-za-m'")
    prepared(repository, {".gitattributes": "*.secret filter=rot\n", "a.secret": "hello\n"},
             ("filter.rot.clean", rotated), ("filter.rot.smudge", rotated), ("filter.rot.required", "true"))
    pull = propose(repository, "echo goodbye > a.secret; echo more > b.secret")
    accept(repository).ok()
    assert repository.read("a.secret") == "goodbye\n" and repository.read("b.secret") == "more\n"
    assert repository.show("main", "a.secret") == "tbbqolr\n"
    check_accepted(repository, pull)


def test_encodings_line_endings_and_keywords(repository):
    prepared(repository, {
        ".gitattributes": "*.txt text eol=crlf\n*.utf16 text working-tree-encoding=UTF-16LE eol=lf\n*.id ident\n",
        "a.txt": "one\r\n", "b.utf16": "one\n".encode("utf-16-le"), "c.id": "$Id$\n"})
    pull = propose(repository, "printf 'one\\r\\ntwo\\r\\n' > a.txt\n"
                               "printf 'o\\0n\\0e\\0\\n\\0t\\0w\\0o\\0\\n\\0' > b.utf16\n"
                               "printf '$Id$\\nmore\\n' > c.id")
    accept(repository).ok()
    assert (repository.path / "a.txt").read_bytes() == b"one\r\ntwo\r\n"
    assert (repository.path / "b.utf16").read_bytes() == "one\ntwo\n".encode("utf-16-le")
    assert repository.read("c.id").startswith("$Id: ")
    check_accepted(repository, pull)


def test_attributes_that_come_with_the_request_count(repository):
    pull = propose(repository, "echo '*.txt text eol=crlf' > .gitattributes; printf 'one\\n' > a.txt",
                   "--path", ".gitattributes", "--path", "a.txt")
    accept(repository).ok()
    assert (repository.path / "a.txt").read_bytes() == b"one\r\n"
    check_accepted(repository, pull)


def test_large_files_are_there_and_no_pointers(repository):
    repository.git("lfs", "install", "--local")
    prepared(repository, {".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "big.bin": "a" * 3000})
    pull = propose(repository, "head -c 5000 /dev/zero > big.bin; echo small > other.bin")
    accept(repository).ok()
    assert (repository.path / "big.bin").read_bytes() == bytes(5000)
    assert repository.read("other.bin") == "small\n"
    assert repository.show("main", "big.bin").startswith("version https://git-lfs.github.com/spec/v1")
    check_accepted(repository, pull)


def test_large_files_are_brought_from_the_server(repository, sandbox):
    """Another machine has the branch and fetches the file when it is accepted; the server is the bare remote."""
    repository.git("lfs", "install", "--local")
    prepared(repository, {".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "big.bin": "a" * 3000})
    pull = propose(repository, "head -c 5000 /dev/zero > big.bin")
    repository.git("lfs", "push", "--all", "origin")
    repository.changeling("sync").ok()
    other = sandbox.clone(repository.remote, "other")
    other.git("lfs", "install", "--local")
    other.git("lfs", "pull")
    other.changeling("init").ok()
    other.git("fetch", "--quiet", "origin")
    accept(other).ok()
    assert (other.path / "big.bin").read_bytes() == bytes(5000)
    check_accepted(other, pull)


@pytest.mark.parametrize("cone", ["--cone", "--no-cone"])
@pytest.mark.parametrize("index", ["full", "sparse"])
def test_a_sparse_checkout_stays_sparse(repository, cone, index):
    prepared(repository, {"src/a.txt": "one\n", "docs/b.txt": "two\n"})
    words = [f"--{'' if index == 'sparse' else 'no-'}sparse-index"] if cone == "--cone" else []
    repository.git("sparse-checkout", "set", cone, *words, "src" if cone == "--cone" else "/src/")
    pull = propose(repository, "mkdir -p docs; echo more >> docs/b.txt; echo new > docs/new.txt; echo c >> src/a.txt")
    accept(repository).ok()
    assert repository.read("src/a.txt") == "one\nc\n"
    assert not (repository.path / "docs").exists()
    check_accepted(repository, pull)


def test_a_split_index(repository):
    prepared(repository, {"src/a.txt": "one\n"}, ("core.splitIndex", "true"))
    repository.git("update-index", "--split-index")
    pull = propose(repository, "echo c >> src/a.txt; echo new > src/new.txt")
    accept(repository).ok()
    assert list((repository.path / ".git").glob("sharedindex.*"))
    check_accepted(repository, pull)


def test_the_pointer_of_a_submodule_moves_and_its_files_are_named(repository, sandbox):
    library = sandbox.repository(name="library")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library.path), "library")
    prepared(repository, {}, ("submodule.recurse", "true"))
    newer = library.commit({"more.c": "int more;\n"}, "more")
    repository.git("-C", "library", "fetch", "--quiet", "origin")
    repository.git("switch", "--quiet", "-c", "by-hand")
    pull = propose(repository, f"git update-index --cacheinfo 160000,{newer},library; git commit -qm pointer")
    repository.git("switch", "--quiet", "main")
    result = accept(repository).ok()
    assert "git submodule update --init: library" in result.err.replace("`", "")
    assert repository.git("rev-parse", "main:library") == newer
    assert repository.git("-C", "library", "rev-parse", "HEAD") != newer
    repository.git("submodule", "--quiet", "update", "library")
    check_accepted(repository, pull)


@pytest.mark.parametrize("kind", ["untracked", "ignored"])
def test_files_in_the_way_are_refused(repository, kind):
    propose(repository, "echo theirs > wanted.txt")
    if kind == "ignored":
        repository.write(".git/info/exclude", "wanted.txt\n")
    repository.write("wanted.txt", "mine\n")
    check_refused(repository, word="wanted.txt")
    repository.write("wanted.txt", "theirs\n")
    accept(repository).ok()
    assert repository.git("status", "--porcelain", "--ignored") == ""


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_changes_that_the_index_hides_are_refused(repository, flag):
    propose(repository, "echo more >> README.md")
    repository.git("update-index", flag, "README.md")
    repository.write("README.md", "my own\n")
    check_refused(repository, word="README.md")


def test_a_lock_on_the_index_is_respected(repository):
    pull = propose(repository, "echo more >> README.md")
    lock = repository.write(".git/index.lock", "")
    result = check_refused(repository, word="index.lock")
    assert "rm " in result.err
    assert lock.exists()
    lock.unlink()
    accept(repository).ok()
    check_accepted(repository, pull)


def test_a_filter_that_fails_changes_nothing(repository):
    prepared(repository, {".gitattributes": "*.bin filter=guarded\n", "a.txt": "a\n", "z.bin": "z\n"})
    propose(repository, "echo more >> a.txt; echo more >> z.bin; mkdir new; echo new > new/file")
    repository.git("config", "filter.guarded.clean", "cat")
    repository.git("config", "filter.guarded.smudge", "false")
    repository.git("config", "filter.guarded.required", "true")
    before = {name: repository.read(name) for name in ("a.txt", "z.bin")}
    result = accept(repository).expect(128)
    assert "z.bin" in result.err and "nothing was changed" in result.err
    assert {name: repository.read(name) for name in ("a.txt", "z.bin")} == before
    assert not (repository.path / "new").exists()
    assert repository.git("status", "--porcelain") == ""


def test_times_alone_are_no_change(repository):
    pull = propose(repository, "echo more >> README.md")
    repository.write("README.md", repository.read("README.md"))
    accept(repository).ok()
    check_accepted(repository, pull)


def test_names_that_differ_in_case_only(repository):
    prepared(repository, {"name.txt": "one\n"}, ("core.ignoreCase", "true"))
    pull = propose(repository, "git mv name.txt NAME.txt; git commit -qm case")
    accept(repository).ok()
    assert (repository.path / "NAME.txt").read_text() == "one\n"
    check_accepted(repository, pull)


def test_the_users_hooks_do_not_run(repository):
    pull = propose(repository, "echo more >> README.md")
    for hook in ("post-checkout", "post-merge", "post-index-change", "reference-transaction"):
        repository.sandbox.write(repository.path / ".git/hooks" / hook, f"#!/bin/sh\ntouch {repository.path}/{hook}\n",
                                 executable=True)
    accept(repository).ok()
    assert not [path.name for path in repository.path.iterdir() if path.name.startswith("post-")]
    (repository.path / "reference-transaction").unlink(missing_ok=True)  # Of our own git commands.
    check_accepted(repository, pull)
