"""Importing and exporting tasks."""

import json

import pytest

STATE = "refs/changelings/state"


@pytest.fixture
def import_file(repository, sandbox):
    """Imports a text under a file's name; returns the result."""
    def run(name, text, *options):
        return repository.changeling("task", "import", sandbox.write(name, text), *options, "--json")
    return run


def test_json_lines_need_only_a_title(repository, import_file):
    answer = import_file("tasks.jsonl", '{"title": "One"}\n{"title": "Two", "priority": "high"}\n').ok().json
    assert answer["format"] == "jsonl"
    assert [task["title"] for task in answer["tasks"]] == ["One", "Two"]
    assert [task["status"] for task in answer["tasks"]] == ["inbox", "inbox"]
    assert [task["title"] for task in repository.tasks()] == ["Two", "One"]


def test_an_import_is_one_operation(repository, import_file):
    import_file("tasks.jsonl", "".join(f'{{"title": "t{number}"}}\n' for number in range(300))).ok()
    operation = repository.operations("-n", "1")[0]
    assert operation["kind"] == "task.add"
    repository.changeling("undo").ok()
    assert repository.tasks() == []


def test_what_is_not_said_comes_from_the_options(repository, import_file):
    import_file("tasks.jsonl", '{"title": "One"}\n{"title": "Two", "status": "planning", "role": "writer"}\n',
                "--status", "ready", "--role", "fixer", "--label", "imported").ok()
    tasks = {task["title"]: task for task in repository.tasks()}
    assert (tasks["One"]["status"], tasks["One"]["role"], tasks["One"]["labels"]) == ("ready", "fixer", ["imported"])
    assert (tasks["Two"]["status"], tasks["Two"]["role"]) == ("planning", "writer")


def test_names_within_a_file_become_ids(repository, import_file):
    import_file("plan.jsonl", '{"id": "A", "title": "First"}\n{"id": "B", "title": "Second", "blocked_by": ["A"]}\n').ok()
    tasks = {task["title"]: task for task in repository.tasks()}
    assert tasks["Second"]["blocked_by"] == [tasks["First"]["id"]]
    assert tasks["First"]["id"] != "A"


def test_standard_input(repository):
    repository.changeling("task", "import", "-", stdin="- [ ] From a pipe\n").ok()
    assert [task["title"] for task in repository.tasks()] == ["From a pipe"]
    error = repository.changeling("task", "import", "-", "--json", stdin='{"title": 5}\n').expect(128).error
    assert "standard input:1: title" in error["message"]


@pytest.mark.parametrize("line, place", [
    ('{"title": "b", "priority": "hgih"}', "priority"),
    ('{"title": "b", "status": "in_flight"}', "status"),
    ('{"description": "b"}', "title"),
    ('{"title": "b", "labels": "x"}', "labels"),
    ('{"title": "b", "blocked_by": ["nothere"]}', "blocked_by"),
    ('{"title": "b", "blocked_by": ["no such"]}', "blocked_by"),
    ('{"title": "b", "created_at": "yesterday"}', "created_at"),
    ('{"title": "b"', "JSON"),
    ('"b"', "object"),
])
def test_a_mistake_names_line_and_field_and_imports_nothing(repository, import_file, line, place):
    tip = repository.head(STATE)
    error = import_file("tasks.jsonl", f'{{"title": "a"}}\n\n{line}\n{{"title": "c"}}\n').expect(128).error
    assert "tasks.jsonl:3" in error["message"]
    assert place in error["message"]
    assert repository.head(STATE) == tip


def test_an_unknown_field_is_pointed_out(repository, import_file):
    result = import_file("tasks.jsonl", '{"title": "One", "priorty": "high"}\n').ok()
    assert "tasks.jsonl:1" in result.err and "priorty" in result.err and "priority" in result.err


def test_an_id_that_is_taken(repository, import_file):
    task = repository.add_task("One")
    error = import_file("tasks.jsonl", json.dumps({"id": task["id"], "title": "Again"})).expect(128).error
    assert error["kind"] == "conflict"
    assert "tasks.jsonl:1: id" in error["message"]


def test_a_cycle_within_a_file(repository, import_file):
    error = import_file("tasks.jsonl", '{"id": "A", "title": "a", "blocked_by": ["B"]}\n'
                                       '{"id": "B", "title": "b", "blocked_by": ["A"]}\n').expect(128).error
    assert error["kind"] == "refused"
    assert repository.tasks() == []


@pytest.mark.parametrize("name, text", [("empty.md", ""), ("words.md", "no boxes\n"), ("list.json", "[]")])
def test_a_file_without_tasks(repository, import_file, name, text):
    assert name in import_file(name, text).expect(128).error["message"]


def test_a_missing_file(repository):
    assert "missing.jsonl" in repository.changeling("task", "import", "missing.jsonl").expect(128).err


def test_dry_run_writes_nothing(repository, import_file):
    tip = repository.head(STATE)
    answer = import_file("tasks.jsonl", '{"title": "One"}\n', "--dry-run").ok().json
    assert answer["dry_run"] is True and len(answer["tasks"]) == 1
    assert repository.head(STATE) == tip


def test_github_issues(repository, import_file):
    issues = json.dumps([
        {"number": 3, "title": "Crash", "body": "It\r\ncrashes", "state": "OPEN", "labels": [{"name": "bug"}],
         "url": "https://github.com/o/r/issues/3"},
        {"number": 4, "title": "A pull request", "pull_request": {"url": "x"}},
        {"number": 5, "title": "Old", "state": "closed", "labels": [{"name": "role-fixer"}], "body": None}], indent=2)
    answer = import_file("issues.json", issues).ok().json
    assert (answer["format"], answer["skipped"]) == ("github", {"pull_requests": 1, "known": 0})
    tasks = {task["source"]: task for task in repository.tasks()}
    assert set(tasks) == {"github:3", "github:5"}
    assert tasks["github:3"]["labels"] == ["bug"]
    assert tasks["github:3"]["description"].startswith("It\ncrashes")
    assert (tasks["github:5"]["status"], tasks["github:5"]["role"]) == ("done", "fixer")
    again = import_file("issues.json", issues).ok().json
    assert (again["tasks"], again["skipped"]["known"]) == ([], 2)
    assert len(repository.tasks()) == 2


def test_the_format_can_be_said(repository, import_file):
    assert import_file("x", '{"title": "One"}\n', "--format", "github").ok().json["format"] == "github"
    assert "jsonl" in import_file("x", "", "--format", "jsnol").expect(129).error["hint"]


def test_a_checklist(repository, import_file):
    import_file("PLAN.md", "# Plan\n\n- [ ] Write it\n  with care\n  - [ ] and tests\n- [x] Think\n").ok()
    tasks = {task["title"]: task for task in repository.tasks()}
    assert tasks["Write it"]["description"] == "with care\n- [ ] and tests"
    assert tasks["Think"]["status"] == "done"


# Round trips.

def everything(repository, sandbox):
    """A queue with tasks in every status and with every field."""
    first = repository.add_task("First — with “quotes” and \\", "--description", "# Heading\n\n\ttab\n",
                                "--accept", "file:a b", "--accept", "text:run:not a command", "--accept", "run:true",
                                "--priority", "urgent", "--complexity", "xs", "--label", "b", "--label", "a")
    repository.add_task("Second", "--blocked-by", first["id"], "--role", "fixer")
    repository.add_task("Third", "--status", "inbox")
    repository.add_task("Fourth", "--status", "planning")
    repository.add_task("Fifth", "--status", "review")
    blocked = repository.add_task("Sixth")
    repository.changeling("task", "block", blocked["id"], "--reason", "no access").ok()
    repository.changeling("task", "import", sandbox.write("issue.json", '[{"number": 1, "title": "Issue"}]')).ok()
    claim = repository.claim(first["id"], "--as", "worker")
    repository.changeling("task", "release", claim["id"], "--token", "1", "--reason", "later").ok()
    done = repository.add_task("Seventh", "--status", "ready")
    claim = repository.claim(done["id"])
    repository.changeling("task", "complete", claim["id"], "--token", "1", "--artifact",
                          "link:https://example.com/?a=b = build").ok()
    repository.claim(first["id"], "--as", "worker")


def test_an_export_comes_back_identically(repository, sandbox):
    everything(repository, sandbox)
    exported = repository.changeling("task", "export").ok().out
    assert len(exported.splitlines()) == 8
    assert {json.loads(line)["status"] for line in exported.splitlines()} == {
        "inbox", "planning", "ready", "in_flight", "review", "done", "blocked"}
    other = sandbox.repository(name="other")
    other.changeling("init").ok()
    other.changeling("task", "import", "-", stdin=exported).ok()
    assert other.changeling("task", "export").ok().out == exported
    waiting = next(task for task in other.tasks() if task["title"] == "Second")
    assert other.task(waiting["blocked_by"][0])["blocks"] == [waiting["id"]]


def test_export_to_a_file_and_by_status(repository, sandbox):
    repository.add_task("One")
    repository.add_task("Two", "--status", "inbox")
    target = sandbox.root / "out.jsonl"
    answer = repository.changeling("task", "export", target, "--status", "ready", "--json").ok().json
    assert answer == {"exported": 1, "file": str(target)}
    assert [json.loads(line)["title"] for line in target.read_text().splitlines()] == ["One"]


def test_export_of_nothing(repository):
    assert repository.changeling("task", "export").ok().out == ""


@pytest.mark.parametrize("answer", ["task list", "task show"])
def test_what_a_command_answers_can_be_imported(repository, sandbox, answer):
    task = repository.add_task("One", "--label", "x")
    words = ["task", "list"] if answer == "task list" else ["task", "show", task["id"]]
    text = repository.changeling(*words, "--json").ok().out
    other = sandbox.repository(name="other")
    other.changeling("init").ok()
    other.changeling("task", "import", "-", stdin=text).ok()
    assert other.tasks() == repository.tasks()
