"""Tasks of the work queue: adding, looking at, changing and removing them."""

import re

import pytest

STATE = "refs/changelings/state"
FIELDS = {"id", "title", "description", "acceptance", "status", "priority", "complexity", "labels", "role",
          "assignee", "created_at", "created_by", "updated_at", "updated_by", "artifacts", "blocked_by", "blocks",
          "dropped"}


def test_add_gives_a_record_with_every_field(repository):
    task = repository.changeling(
        "task", "add", "Mend the parser", "--description", "It breaks.", "--accept", "file:report.md",
        "--accept", "run:make test", "--accept", "reads well", "--priority", "urgent", "--complexity", "xl",
        "--label", "parser", "--label", "bug", "--role", "fixer", "--status", "planning", "--json").ok().json
    assert set(task) >= FIELDS
    assert task["acceptance"] == ["file:report.md", "run:make test", "reads well"]
    assert (task["priority"], task["complexity"], task["role"]) == ("urgent", "xl", "fixer")
    assert task["labels"] == ["bug", "parser"]
    assert task["status"] == "planning"
    assert task["created_by"] == "Test Person <test@example.com>"
    assert task["created_at"] == task["updated_at"]
    assert task["created_at"].endswith("Z")
    assert "lease" not in task
    assert repository.task(task["id"]) == task


def test_a_new_task_is_in_the_inbox(repository):
    result = repository.changeling("task", "add", "Think about it").ok()
    task, = repository.tasks()
    assert (task["status"], task["priority"], task["complexity"]) == ("inbox", "medium", None)
    assert task["id"] in result.out
    assert f"task move {task['id']} ready" in result.err


def test_an_option_before_the_title_does_not_swallow_it(repository):
    assert repository.changeling("task", "add", "--label", "x", "Title", "--json").ok().json["title"] == "Title"


def test_ids_have_no_letters_that_look_alike(repository, sandbox):
    sandbox.write("many.md", "".join(f"- [ ] task {number}\n" for number in range(300)))
    repository.changeling("task", "import", sandbox.root / "many.md").ok()
    ids = [task["id"] for task in repository.tasks("-n", "0")]
    assert len(set(ids)) == 300
    assert all(re.fullmatch(r"[2-9a-hjkmnp-tv-z]{8}", one) for one in ids), ids[:5]


def test_ids_abbreviate_like_gits(repository):
    task = repository.add_task("One")
    assert repository.task(task["id"][:4])["title"] == "One"
    assert repository.changeling("task", "show", task["id"][:4].upper(), "--json").ok().json["id"] == task["id"]


def test_an_ambiguous_id_names_the_candidates(repository, sandbox):
    sandbox.write("two.jsonl", '{"id": "bcdf2222", "title": "a"}\n{"id": "bcdf3333", "title": "b"}\n')
    repository.changeling("task", "import", sandbox.root / "two.jsonl").ok()
    result = repository.changeling("task", "show", "bcdf").expect(129)
    assert "bcdf2222" in result.err and "bcdf3333" in result.err
    assert repository.task("bcdf2")["title"] == "a"


def test_an_unknown_id(repository):
    error = repository.changeling("task", "show", "zzzz", "--json").expect(128).error
    assert error["kind"] == "not_found"
    assert "zzzz" in error["message"]
    assert "task list" in error["hint"]


@pytest.mark.parametrize("words, allowed", [
    (["--priority", "hgih"], "high"),
    (["--complexity", "huge"], "xs"),
    (["--status", "redy"], "ready"),
    (["--status", "in_flight"], "claim"),
    (["--status", "blocked"], "task block"),
])
def test_a_wrong_word_says_what_is_allowed(repository, words, allowed):
    tip = repository.head(STATE)
    result = repository.changeling("task", "add", "One", *words).expect(129)
    assert words[0] in result.err
    assert allowed in result.err
    assert repository.head(STATE) == tip


@pytest.mark.parametrize("title", ["", "  ", "two\nlines"])
def test_a_title_is_one_line_with_something_in_it(repository, title, sandbox):
    result = repository.changeling("task", "add", title, env={"GIT_EDITOR": "true"})
    assert result.code in (1, 129)
    assert "title" in result.err
    assert repository.tasks() == []


def test_an_unknown_blocker_is_refused(repository):
    result = repository.changeling("task", "add", "One", "--blocked-by", "zzzz2222").expect(128)
    assert "zzzz2222" in result.err
    assert repository.tasks() == []


def test_what_a_task_blocks_is_derived(repository):
    first = repository.add_task("First")
    second = repository.add_task("Second", "--blocked-by", first["id"][:5])
    assert second["blocked_by"] == [first["id"]]
    assert repository.task(first["id"])["blocks"] == [second["id"]]
    listed = {task["id"]: task["blocks"] for task in repository.tasks()}
    assert listed == {first["id"]: [second["id"]], second["id"]: []}


def test_a_cycle_is_refused_and_named(repository):
    one = repository.add_task("One")
    two = repository.add_task("Two", "--blocked-by", one["id"])
    three = repository.add_task("Three", "--blocked-by", two["id"])
    tip = repository.head(STATE)
    for words in (["block", one["id"], "--by", three["id"]], ["edit", one["id"], "--blocked-by", three["id"]],
                  ["block", one["id"], "--by", one["id"]]):
        result = repository.changeling("task", *words).expect(128)
        assert result.err.count(one["id"]) >= 2, "the cycle goes back to where it starts"
    assert three["id"] in repository.changeling("task", "block", one["id"], "--by", three["id"]).err
    assert repository.head(STATE) == tip


# The editor.

def test_without_a_title_the_editor_opens_a_form(repository, sandbox):
    editor = sandbox.fake_program("editor", """cp "$1" "$HOME/form"
sed -i -e 's/^Title: .*/Title: From the editor/' -e 's/^Labels: .*/Labels: b, a/' "$1"
""")
    task = repository.changeling("task", "add", "--priority", "high", "--json", env={"GIT_EDITOR": editor}).ok().json
    assert (task["title"], task["labels"], task["priority"]) == ("From the editor", ["a", "b"], "high")
    form = (sandbox.home / "form").read_text()
    assert "Priority: high" in form
    assert "low, medium, high, urgent" in form


def test_editor_of_the_environment_is_used(repository, sandbox):
    editor = sandbox.fake_program("editor", "sed -i 's/^Title: .*/Title: Edited/' \"$1\"")
    repository.changeling("task", "add", env={"EDITOR": editor}).ok()
    assert [task["title"] for task in repository.tasks()] == ["Edited"]


def test_an_empty_form_adds_nothing(repository):
    result = repository.changeling("task", "add", env={"GIT_EDITOR": "true"}).expect(1)
    assert "not added" in result.err
    assert repository.tasks() == []


def test_a_mistake_in_the_form_keeps_the_text(repository, sandbox):
    editor = sandbox.fake_program(
        "editor", "sed -i -e 's/^Title: .*/Title: x/' -e 's/^Priority: .*/Priority: hgih/' \"$1\"")
    result = repository.changeling("task", "add", env={"GIT_EDITOR": editor}).expect(128)
    assert "Priority" in result.err and "high" in result.err
    kept = re.search(r"your text is in ([^;,\s]+)", result.err).group(1)
    assert "Priority: hgih" in open(kept, encoding="utf-8").read()
    assert repository.tasks() == []


def test_edit_in_the_editor(repository, sandbox):
    task = repository.add_task("Before", "--description", "# A heading\n\ntext", "--accept", "run:true")
    editor = sandbox.fake_program("editor", "sed -i 's/Before/After/' \"$1\"")
    after = repository.changeling("task", "edit", task["id"], "--json", env={"GIT_EDITOR": editor}).ok().json
    assert after["title"] == "After"
    for field in ("description", "acceptance", "status", "labels", "created_at"):
        assert after[field] == task[field], field


def test_edit_without_a_change_writes_nothing(repository):
    task = repository.add_task("Same")
    tip = repository.head(STATE)
    assert "nothing changed" in repository.changeling("task", "edit", task["id"], env={"GIT_EDITOR": "true"}).ok().err
    assert repository.head(STATE) == tip


# Changing.

def test_edit_changes_only_what_is_named(repository):
    task = repository.add_task("One", "--description", "old", "--label", "a", "--label", "b", "--complexity", "s")
    after = repository.changeling("task", "edit", task["id"], "--description", "new", "--title", "Other",
                                  "--label", "c", "--json").ok().json
    assert (after["title"], after["description"], after["labels"]) == ("Other", "new", ["c"])
    assert after["complexity"] == "s"
    cleared = repository.changeling("task", "edit", task["id"], "--label", "", "--complexity", "", "--json").ok().json
    assert (cleared["labels"], cleared["complexity"]) == ([], None)


def test_move_follows_the_table(repository):
    task = repository.add_task("One", "--status", "inbox")
    for status in ("planning", "ready", "planning", "inbox", "ready"):
        assert repository.changeling("task", "move", task["id"], status, "--json").ok().json["status"] == status


@pytest.mark.parametrize("start, to", [("inbox", "done"), ("inbox", "review"), ("ready", "in_flight"),
                                       ("ready", "done"), ("done", "inbox")])
def test_an_illegal_move_names_the_legal_ones(repository, start, to):
    task = repository.add_task("One", "--status", start)
    error = repository.changeling("task", "move", task["id"], to, "--json").expect(128).error
    assert error["kind"] == "refused"
    assert start in error["message"] and "it can be" in error["message"]
    assert repository.task(task["id"])["status"] == start


def test_move_to_a_word_that_is_no_status(repository):
    task = repository.add_task("One")
    assert "ready" in repository.changeling("task", "move", task["id"], "redy").expect(129).err


def test_block_with_a_reason_and_unblock(repository):
    task = repository.add_task("One")
    blocked = repository.changeling("task", "block", task["id"], "--reason", "no access", "--json").ok().json
    assert (blocked["status"], blocked["blocked_reason"]) == ("blocked", "no access")
    assert "no access" in repository.changeling("task", "show", task["id"]).ok().out
    repository.changeling("task", "claim").expect(1)
    free = repository.changeling("task", "unblock", task["id"], "--json").ok().json
    assert (free["status"], free["blocked_reason"]) == ("ready", "")


def test_block_by_another_task(repository):
    one = repository.add_task("One")
    two = repository.add_task("Two")
    repository.changeling("task", "block", two["id"], "--by", one["id"]).ok()
    assert repository.task(two["id"])["status"] == "ready"
    assert [task["id"] for task in repository.tasks("--unblocked")] == [one["id"]]
    repository.changeling("task", "unblock", two["id"], "--by", one["id"]).ok()
    assert repository.task(two["id"])["blocked_by"] == []
    assert "not blocked by" in repository.changeling("task", "unblock", two["id"], "--by", one["id"]).expect(128).err


def test_block_needs_to_know_why(repository):
    task = repository.add_task("One")
    assert "--reason" in repository.changeling("task", "block", task["id"]).expect(129).err


def test_unblock_of_what_is_not_blocked(repository):
    task = repository.add_task("One")
    assert "ready" in repository.changeling("task", "unblock", task["id"]).expect(128).err


def test_remove(repository):
    one = repository.add_task("One")
    two = repository.add_task("Two", "--blocked-by", one["id"])
    assert repository.changeling("task", "remove", one["id"][:5], "--json").ok().json == {"removed": [one["id"]]}
    assert [task["id"] for task in repository.tasks()] == [two["id"]]
    assert repository.task(two["id"])["blocked_by"] == []
    repository.changeling("task", "show", one["id"]).expect(128)


def test_remove_all_or_nothing(repository):
    one = repository.add_task("One")
    repository.changeling("task", "remove", one["id"], "zzzz").expect(128)
    assert [task["id"] for task in repository.tasks()] == [one["id"]]


# Looking.

def test_list_is_in_the_order_of_claiming(repository):
    titles = [("old low", "low"), ("first high", "high"), ("urgent", "urgent"), ("second high", "high"),
              ("medium", "medium")]
    for title, priority in titles:
        repository.add_task(title, "--priority", priority)
    expected = ["urgent", "first high", "second high", "medium", "old low"]
    assert [task["title"] for task in repository.tasks()] == expected
    assert [repository.claim()["title"] for _ in expected] == expected


def test_list_filters(repository):
    repository.add_task("Parse numbers", "--label", "parser", "--label", "bug", "--role", "fixer")
    repository.add_task("Parse dates", "--label", "parser", "--status", "inbox", "--priority", "high")
    repository.add_task("Write the manual", "--description", "about parsers too", "--status", "planning")

    def titles(*options):
        return sorted(task["title"] for task in repository.tasks(*options))

    assert titles("--label", "parser") == ["Parse dates", "Parse numbers"]
    assert titles("--label", "parser", "--label", "bug") == ["Parse numbers"]
    assert titles("--status", "inbox", "--status", "planning") == ["Parse dates", "Write the manual"]
    assert titles("--status", "inbox,ready") == ["Parse dates", "Parse numbers"]
    assert titles("--priority", "high") == ["Parse dates"]
    assert titles("--role", "fixer") == ["Parse numbers"]
    assert titles("--search", "manual") == ["Write the manual"]
    assert titles("--search", "parse") == ["Parse dates", "Parse numbers", "Write the manual"]
    assert titles("--search", "nothing-like-it") == []
    repository.claim("--as", "worker-7")
    assert titles("--assignee", "worker-7") == ["Parse numbers"]


def test_list_pages(repository, sandbox):
    sandbox.write("many.md", "".join(f"- [ ] task {number}\n" for number in range(60)))
    repository.changeling("task", "import", sandbox.root / "many.md").ok()
    first = repository.changeling("task", "list", "--json").ok().json
    assert (len(first["tasks"]), first["total"]) == (50, 60)
    pages = [task["id"] for start in (0, 25, 50) for task in repository.tasks("-n", "25", "--offset", str(start))]
    assert pages == [task["id"] for task in repository.tasks("-n", "0")]
    assert "--offset 50" in repository.changeling("task", "list").ok().err


def test_an_empty_list(repository):
    result = repository.changeling("task", "list").ok()
    assert result.out == ""
    assert "no tasks" in result.err
    assert repository.changeling("task", "list", "--json").ok().json == {"tasks": [], "total": 0, "damaged": []}


def test_status_counts_the_queue(repository):
    repository.add_task("One")
    repository.add_task("Two")
    repository.add_task("Three", "--status", "inbox")
    repository.claim()
    assert repository.changeling("status", "--json").ok().json["queue"] == {
        "inbox": 1, "planning": 0, "ready": 1, "in_flight": 1, "review": 0, "done": 0, "blocked": 0}
    assert "1 ready" in repository.changeling("status").ok().out


@pytest.mark.parametrize("words", [["add", "x"], ["list"], ["claim"], ["export"], ["show", "abcd"]],
                         ids=lambda words: words[0])
def test_before_init_the_user_is_told_what_to_type(sandbox, words):
    assert "git changeling init" in sandbox.repository().changeling("task", *words).expect(128).err


def test_text_that_is_not_utf8_is_kept_readable(repository):
    task = repository.changeling("task", "add", b"caf\xe9".decode("utf-8", "surrogateescape"), "--json").ok().json
    assert task["title"] == "caf\ufffd"


# Closing by hand.


def test_the_id_alone_is_printed_where_a_program_reads(repository):
    added = repository.changeling("task", "add", "One").ok().out
    assert re.fullmatch(r"[a-z0-9]{5,64}\n", added)
    assert repository.task(added.strip())["title"] == "One"
    assert any("inbox  Two" in line for line in repository.in_terminal("task", "add", "Two"))


@pytest.mark.parametrize("status", ["inbox", "planning", "ready", "review"])
def test_a_task_is_closed_by_hand(repository, status):
    task = repository.add_task("One", "--status", status, "--accept", "file:never")
    waiting = repository.add_task("Two", "--blocked-by", task["id"])
    done = repository.changeling("task", "done", task["id"][:5], "--json").ok().json
    assert (done["status"], done["dropped"], done["attempts"]) == ("done", False, [])
    assert repository.claim()["id"] == waiting["id"]
    assert "cannot be closed" in repository.changeling("task", "done", task["id"]).expect(128).err


def test_a_task_is_dropped_with_a_reason(repository):
    task = repository.add_task("One")["id"]
    waiting = repository.add_task("Two", "--blocked-by", task)["id"]
    assert f"{task}  dropped  One" in repository.changeling("task", "drop", task, "--reason", "too old").ok().out
    record = repository.task(task)
    assert (record["status"], record["dropped"]) == ("done", True)
    assert [(one["outcome"], one["error"]) for one in record["attempts"]] == [("dropped", "too old")]
    assert "dropped" in repository.changeling("task", "list").ok().out
    assert "dropped by tester@" in repository.changeling("task", "show", task).ok().out
    assert repository.claim()["id"] == waiting
    repository.changeling("task", "move", task, "ready").ok()
    assert repository.changeling("task", "done", task, "--json").ok().json["dropped"] is False


@pytest.mark.parametrize("verb", ["done", "drop"])
@pytest.mark.parametrize("claim, close, env", [([], [], None), (["--as", "me"], ["--as", "me"], None),
                                               (["--as", "me"], [], {"CHANGELING_WORKER": "me"}),
                                               (["--as", "me"], ["--token", "1"], None)])
def test_whoever_holds_the_claim_closes_the_task(repository, verb, claim, close, env):
    task = repository.add_task("One", "--accept", "file:never")["id"]
    repository.claim(*claim)
    repository.changeling("task", verb, task, *close, env=env).ok()
    record = repository.task(task)
    assert (record["status"], record["dropped"], "lease" in record) == ("done", verb == "drop", False)
    repository.changeling("undo").ok()
    assert repository.task(task)["lease"]["token"] == 1


@pytest.mark.parametrize("verb", ["done", "drop"])
def test_a_task_that_somebody_else_has_claimed_is_not_closed(repository, verb):
    task = repository.add_task("One")["id"]
    repository.claim("--as", "other")
    refused = repository.changeling("task", verb, task).expect(128)
    assert "claimed by other, and cannot be closed" in refused.err and f"task block {task} --reason" in refused.err
    assert "no longer counts" in repository.changeling("task", verb, task, "--token", "2").expect(128).err
    assert repository.task(task)["status"] == "in_flight"


def test_closing_can_be_taken_back(repository):
    task = repository.add_task("One")["id"]
    repository.changeling("task", "drop", task).ok()
    repository.changeling("undo").ok()
    assert repository.task(task)["status"] == "ready"
    assert [operation["kind"] for operation in repository.operations("-n", "2")] == ["undo", "task.drop"]
