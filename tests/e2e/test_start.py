"""What the start of the program costs, counted in instructions: unlike time, they are the same on a busy machine."""

import re

import pytest
from harness import linking

# Of the program as it is shipped: optimised, and with its libraries in it.
MOST_INSTRUCTIONS = 2_500_000
# What it takes at -O1, and a fiftieth: libraries of the service are none of the program's.
MOST_OF_THE_VERSION = 850_000
# Without optimisation every call is one.
MOST_UNOPTIMISED = 12_000_000
# Loading and binding them; and libgit2's own start, which parses the machine's whole bundle of certificates.
MOST_WITH_SHARED_LIBRARIES = 20_000_000
MOST_WITH_SHARED_LIBGIT2 = 150_000_000


@pytest.fixture
def instructions(sandbox):
    """Counts the instructions of the program itself; of what it starts, and goes on with in the background, none."""
    if linking.is_instrumented(sandbox.program):
        pytest.skip("NOT COUNTED HERE: valgrind cannot run a program with sanitizers")

    def count(*words, cwd=None):
        done = sandbox.run("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--trace-children=no",
                           sandbox.program, *words, cwd=cwd).ok()
        # A fork counts by itself, and ends later or earlier.
        own = re.match(r"==(\d+)==", done.err).group(1)
        return int(re.search(rf"^=={own}== Collected : (\d+)", done.err, re.MULTILINE).group(1))

    return count


def bar(program, opens_repository=True):
    if not linking.is_static(program):
        return MOST_WITH_SHARED_LIBGIT2 if opens_repository else MOST_WITH_SHARED_LIBRARIES
    if not linking.is_optimised(program):
        return MOST_UNOPTIMISED
    return MOST_INSTRUCTIONS


def test_the_version_costs_little(sandbox, instructions):
    count = instructions("--version")
    assert count <= bar(sandbox.program, opens_repository=False)
    if linking.is_static(sandbox.program) and linking.is_optimised(sandbox.program):
        assert count <= MOST_OF_THE_VERSION


def test_a_hook_that_starts_nothing_costs_little(repository, sandbox, instructions):
    assert instructions("hook", "run", "post-merge", cwd=repository.path) <= bar(sandbox.program)


@pytest.mark.parametrize("words", [["__complete", "changelings"], ["__complete", "runs"],
                                   ["__complete", "pulls"], ["templates", "list", "--json"]], ids=" ".join)
def test_what_a_completion_asks_for_costs_little(repository, sandbox, instructions, words):
    repository.changeling("add", "scribe", "--run", "true", "--description", "Writes").ok()
    repository.changeling("run", "scribe").ok()
    repository.changeling(*words).ok()  # The first one makes what is made once.
    assert instructions(*words, cwd=repository.path) <= bar(sandbox.program)


def test_only_the_systems_own_library_is_needed(sandbox):
    needed = linking.needed_libraries(sandbox.program)
    if linking.is_static(sandbox.program):
        assert [name for name in needed if not linking.belongs_to_the_system(name)] == []
    else:
        assert any(name.startswith("libgit2") for name in needed), "CHANGELING_STATIC=OFF links shared libraries"


def test_nothing_of_a_transport_is_in_the_program(sandbox):
    if not linking.is_static(sandbox.program):
        pytest.skip("NOT CHECKED HERE: shared libraries bring their own transports")
    names = sandbox.run("nm", sandbox.program).ok().out
    assert "git_libgit2_init" in names
    assert re.findall(r"\b(?:libssh2|mbedtls_ssl|mbedtls_x509|gss|SSL)_\w+", names) == []
