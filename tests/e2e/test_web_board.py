"""The board as a browser shows it (tests/web/board.mjs)."""

import json

import pytest
from harness.browser import visit
from harness.service import Service
from harness.stand_ins import install_stand_in


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


@pytest.mark.parametrize("scenario", ["shown", "drag", "keyboard", "selection", "filters", "forms", "undo", "limits"])
def test_the_board(sandbox, service, scenario):
    visit(sandbox, service, "board.mjs", scenario)


def test_a_board_of_many_tasks_has_few_cards_in_the_page(sandbox, repository):
    count = 400
    tasks = [{"title": f"Task {number:04}", "status": "ready"} for number in range(count)]
    (sandbox.root / "tasks.json").write_text(json.dumps(tasks))
    repository.changeling("task", "import", sandbox.root / "tasks.json").ok()
    visit(sandbox, Service(sandbox, repository.path), "board.mjs", "many", count=count)


def test_a_cap_that_is_reached_is_a_reason(sandbox, repository):
    install_stand_in(sandbox, "claude")
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write.").ok()
    repository.changeling("run", "scribe").ok()
    repository.git("config", "changeling.dailyBudget", "0.01")
    visit(sandbox, Service(sandbox, repository.path), "board.mjs", "capped")
