"""The protocol of claims keeps its promises in every state that can be reached, and each promise can be broken."""

import pytest

LAYOUTS = pytest.mark.parametrize("shared", [0, 1], ids=["a worker in each clone", "two workers in one clone"])


@LAYOUTS
def test_nothing_is_lost_and_only_the_newest_token_acts(search, shared):
    found = search(FAULTS=2, SHARED=shared)
    assert found.errors == 0, found.output
    assert found.is_complete, found.output
    assert found.states > 100000


@LAYOUTS
def test_every_ready_task_is_completed_in_the_end(search, shared):
    found = search(endless=True, FAULTS=1, SHARED=shared)
    assert found.errors == 0, found.output
    assert found.is_complete, found.output
    assert found.states > 100000


# Which assertion each mutation breaks, by words of it as spin prints them.
MUTATIONS = {
    "NO_FENCE": "was_newest[w]",
    "FENCE_WITHOUT_FETCH": "was_newest[w]",
    "TOKEN_STAYS": "token_of",
    "PUSH_FORCES": "old",
    "MERGE_PREFERS_LOCAL": "",
    "FETCH_OVERWRITES": "old",
    "CLAIM_BEFORE_PUSH": "token_of",
    "NAME_IS_IDENTITY": "token_of",
    "COMPLETE_UNCHECKED": "newest[",
    "OFFLINE_UNCOUNTED": "old",
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_mistake_is_found(search, mutation):
    found = search(FAULTS=1, MUTATION=mutation)
    assert found.errors == 1, found.output
    violated = [line for line in found.output.splitlines() if "assertion violated" in line]
    assert violated and MUTATIONS[mutation] in violated[0], found.output
    assert found.trail.stat().st_size > 0


def test_what_is_not_guaranteed_does_happen(search):
    """Between the fence and the push of the code branch another worker may take the task over."""
    found = search(FAULTS=1, MUTATION="WINDOW")
    assert "assertion violated" in found.output
    assert found.trail.stat().st_size > 0


@pytest.mark.parametrize("mutation, faults, shared", [("NEVER_EXPIRES", 1, 0), ("NO_SECOND_TRY", 0, 1)])
def test_a_run_that_never_ends_is_found(search, mutation, faults, shared):
    found = search(endless=True, FAULTS=faults, SHARED=shared, MUTATION=mutation)
    assert found.errors == 1, found.output
    assert "acceptance cycle" in found.output
    assert found.trail.stat().st_size > 0
