"""An agent asks its user while it works: the question waits where people look, and the answer reaches the agent."""

import pytest
from harness.api import Api
from harness.service import Service
from harness.stand_ins import install_stand_in

LINES = '[agents.command]\ninput = "lines"\n'
ASKS = 'answer=$(git changeling ask "Which colour?" --choice red --choice blue) || exit 9; echo "$answer" >colour.txt'


@pytest.fixture
def start(repository, sandbox):
    """start(script, options…) starts a run whose agent asks; its id once the question is open."""
    def begin(script=ASKS, *options):
        repository.add_command("asker", script, *options)
        run = repository.changeling("run", "asker", "--detach").ok().out.strip()
        sandbox.wait_until(lambda: needs(repository), "the question waits")
        return run
    return begin


def needs(repository):
    """The questions that wait, as `status` has them."""
    running = repository.changeling("status", "--json").ok().json["running"]
    return [question for run in running for question in run["questions"] if question["answer"] is None]


def wait_for_end(repository, sandbox, run):
    def finished():
        record = repository.changeling("runs", "show", run, "--json").ok().json
        return record if record["status"] == "finished" else None
    return sandbox.wait_until(finished, "the run ends")


def test_the_answer_is_what_the_asking_command_prints(repository, sandbox, start):
    run = start()
    shown = repository.changeling("status").ok().out
    assert "asks: Which colour?" in shown and f"git changeling answer {run} --question 1\n" in shown
    answer = repository.changeling("answer", run, "blue", "--json").ok().json
    assert answer == {"run": run, "question": 1, "read": True}
    record = wait_for_end(repository, sandbox, run)
    assert record["outcome"] == "opened-pr"
    assert repository.show(record["branch"], "colour.txt") == "blue\n"
    [question] = record["questions"]
    assert (question["text"], question["choices"]) == ("Which colour?", ["red", "blue"])
    assert (question["answer"], question["answered_by"]) == ("blue", "Test Person")
    log = repository.changeling("logs", run).ok().out
    assert "question 1: Which colour? (red / blue)" in log
    assert "answer from Test Person to question 1: blue" in log
    events = [event["event"] for event in repository.events()]
    assert "run:question" in events and "run:answered" in events
    assert not (repository.common_directory() / "changelings" / "runs" / run / "answers").exists()


def test_waiting_is_no_silence_but_the_time_limit_holds_and_names_the_question(repository, sandbox, start):
    run = start(ASKS, "--silence-timeout", "1s", "--timeout", "4s")
    record = wait_for_end(repository, sandbox, run)
    assert record["outcome"] == "timed-out"
    assert "its question 'Which colour?' has no answer" in record["error"]
    assert record["duration_ms"] >= 4000
    refused = repository.changeling("answer", run, "blue")
    assert refused.code == 128 and "no open question" in refused.err


def test_asking_again_goes_on_waiting_and_has_the_answer_at_once(repository, sandbox, start):
    run = start('ask() { git changeling ask "Go on?" --wait "$1"; }; ask 1s && exit 9; test $? = 1 || exit 8; '
                'echo gave-up; until ask 1s >answer.txt; do :; done; test "$(ask 1h)" = yes || exit 7')
    sandbox.wait_until(lambda: "gave-up" in repository.changeling("logs", run).out, "it has waited once")
    repository.changeling("answer", "asker", "-", stdin="yes\n").ok()
    record = wait_for_end(repository, sandbox, run)
    assert record["outcome"] == "opened-pr", record["error"]
    assert repository.show(record["branch"], "answer.txt") == "yes\n"
    assert len(record["questions"]) == 1


def test_an_answer_is_for_the_question_that_it_names(repository, sandbox):
    repository.add_command("asker", 'git changeling ask "May I delete it?" --later; '
                                    'git changeling ask "May I fix the typo?" >typo.txt; '
                                    'git changeling ask "May I delete it?" >delete.txt')
    run = repository.changeling("run", "asker", "--detach").ok().out.strip()
    sandbox.wait_until(lambda: len(needs(repository)) == 2, "both questions wait")
    refused = repository.changeling("answer", run, "yes")
    assert refused.code == 129 and "--question 1 for 'May I delete it?'" in refused.err
    said = repository.changeling("answer", run, "yes", "--question", "2").ok().err
    assert "answered 'May I fix the typo?': yes" in said
    repository.changeling("answer", run, "no").ok()
    record = wait_for_end(repository, sandbox, run)
    assert repository.show(record["branch"], "typo.txt") == "yes\n"
    assert repository.show(record["branch"], "delete.txt") == "no\n"


def test_who_asks_for_later_and_hangs_is_stalled(repository, sandbox):
    repository.add_command("asker", 'git changeling ask "Later?" --later; exec tail -f README.md',
                           "--silence-timeout", "2s")
    run = repository.changeling("run", "asker", "--detach").ok().out.strip()
    record = wait_for_end(repository, sandbox, run)
    assert record["outcome"] == "stalled"


def test_a_question_too_many_for_later_is_refused_where_it_is_asked(repository, sandbox):
    repository.add_command("asker", 'for i in $(seq 21); do git changeling ask --later "Question $i?" 2>>said.txt '
                                    '|| echo "refused $i" >>said.txt; done')
    run = repository.changeling("run", "asker", "--detach").ok().out.strip()
    record = wait_for_end(repository, sandbox, run)
    said = repository.show(record["branch"], "said.txt")
    assert "refused 21\n" in said and "refused 20\n" not in said


def test_a_typed_choice_that_is_a_number_means_itself(repository, terminal, start):
    run = start('git changeling ask "How many?" --choice 3 --choice 2 --choice 1 >many.txt')
    terminal.start(f"git changeling answer {run}")
    terminal.wait_for("the number of one:")
    terminal.type("3")
    assert terminal.finish() == 0
    terminal.wait_for("answered 'How many?': 3")


def test_an_answer_for_later_comes_as_a_message(repository, sandbox):
    repository.commit({".changelings.toml": LINES}, "settings")
    repository.add_command("asker", 'git changeling ask "Which word?" --later || exit 9; '
                                    'read -r first; read -r second; echo "$second" >word.txt')
    repository.changeling("trust", "asker", "--yes").ok()
    run = repository.changeling("run", "asker", "--detach").ok().out.strip()
    sandbox.wait_until(lambda: needs(repository), "the question waits")
    assert repository.changeling("answer", run, "plume", "--json").ok().json["read"] is True
    record = wait_for_end(repository, sandbox, run)
    assert record["outcome"] == "opened-pr", record["error"]
    assert repository.show(record["branch"], "word.txt") == "plume\n"
    assert "The answer to your question 'Which word?', from Test Person:" in repository.changeling("logs", run).ok().out


def test_a_question_in_the_moment_in_which_the_turn_ends_waits(repository, sandbox):
    install_stand_in(sandbox, "claude")
    heard = sandbox.marks / "heard"
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Ask.", "--env", "FAKE_CLAUDE=asks_and_rests",
                          "--env", f"FAKE_CLAUDE_HEARD={heard}", "--sandbox-write", sandbox.marks).ok()
    run = repository.changeling("run", "scribe", "--detach").ok().out.strip()
    sandbox.wait_until(lambda: needs(repository), lambda: repository.changeling("logs", run).out)
    repository.changeling("answer", run, "plume").ok()
    record = wait_for_end(repository, sandbox, run)
    assert [question["answer"] for question in record["questions"]] == ["plume"]
    assert heard.read_text().splitlines()[-1] == "plume"


def test_only_an_agent_asks_and_only_a_person_answers(repository, sandbox, start):
    outside = repository.changeling("ask", "Anybody?")
    assert outside.code == 128 and "only the agent of a run asks" in outside.err
    run = start('git changeling answer asker yes || echo "said $?"; git changeling ask "Really?"')
    sandbox.wait_until(lambda: "said 128" in repository.changeling("logs", run).out, "it tried to answer itself")
    missing = repository.changeling("answer", run)
    assert missing.code == 129 and "Really?" in missing.err
    other = repository.changeling("answer", run, "no", "--question", "5")
    assert other.code == 128 and "no open question 5" in other.err
    repository.changeling("answer", run, "yes").ok()
    wait_for_end(repository, sandbox, run)


def test_a_question_of_a_killed_run_waits_no_more(repository, sandbox, start):
    run = start()
    repository.changeling("stop", run).ok()
    assert needs(repository) == []
    assert wait_for_end(repository, sandbox, run)["outcome"] == "killed"


def test_a_hostile_question_is_shown_as_text(repository, sandbox, start):
    run = start(r'''git changeling ask "$(printf 'red\033[2Jdead\nline')"''')
    shown = repository.changeling("status").ok().out
    assert "\x1b" not in shown and "dead" in shown
    repository.changeling("answer", run, "no").ok()
    wait_for_end(repository, sandbox, run)


def test_over_the_api_it_is_a_need_and_survives_the_services_restart(repository, sandbox, start):
    Service(sandbox, repository.path).stop()
    run = start()
    Service(sandbox, repository.path).stop()
    api = Api(Service(sandbox, repository.path))
    [need] = [one for one in api.ask("GET", "/needs")["needs"] if one["kind"] == "question"]
    assert (need["subject"], need["changeling"]) == (run, "asker")
    assert need["settle"] == f"git changeling answer {run} --question 1"
    assert need["question"] == {"number": 1, "text": "Which colour?", "choices": ["red", "blue"]}
    assert api.ask("GET", f"/runs/{run}")["questions"][0]["answer"] is None
    problem = api.ask("POST", f"/runs/{run}/answer", {"text": "red", "question": 7}, expect=409)
    assert "there is no question 7" in str(problem)
    assert api.ask("POST", f"/runs/{run}/answer", {"text": "red"}, expect=202) == {"run": run, "read": True}
    record = sandbox.wait_until(
        lambda: (one := api.ask("GET", f"/runs/{run}"))["status"] == "finished" and one, "the run ends")
    assert repository.show(record["branch"], "colour.txt") == "red\n"
    assert [one for one in api.ask("GET", "/needs")["needs"] if one["kind"] == "question"] == []
    api.ask("POST", f"/runs/{run}/answer", {"text": "red"}, expect=409)
