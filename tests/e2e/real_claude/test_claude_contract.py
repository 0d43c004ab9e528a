"""The stand-in for Claude Code must not drift from the real program: same flags, events and exit codes.

Each scenario runs both with the same arguments and compares what the launcher relies on.
"""

import json
import pathlib

import pytest

from harness.claude_api import refuses, speaks, uses

STAND_IN = pathlib.Path(__file__).resolve().parents[2] / "fakes" / "claude"
OPTIONS = ["-p", "--output-format", "stream-json", "--verbose"]
MESSAGES = ["--input-format", "stream-json"]
RESULT_KEYS = {"subtype", "is_error", "terminal_reason", "num_turns", "permission_denials", "total_cost_usd", "usage",
               "session_id"}
USAGE_KEYS = {"input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"}

# scenario of the stand-in: (the model's answers, options)
SCENARIOS = {
    "success": ([uses("Write", file_path="claude-was-here.txt", content="written by an agent\n"),
                 speaks("All done.\nThe file is written.")], ["--permission-mode", "acceptEdits"]),
    "no_change": ([speaks("There is nothing to do.")], ["--permission-mode", "dontAsk", "--allowedTools", "Read"]),
    "denied": ([uses("Write", file_path="claude-was-here.txt", content="written by an agent\n"),
                uses("Bash", command="git push origin HEAD", description="Push"),
                speaks("I was not allowed to push.")], ["--permission-mode", "acceptEdits"]),
    "max_turns": ([uses("Read", file_path="README.md")], ["--max-turns", "3"]),
    "budget": ([uses("Read", file_path="README.md", usage={"input_tokens": 100000, "output_tokens": 1000})],
               ["--max-budget-usd", "0.1"]),
    "api_error": ([refuses(429, "rate_limit_error", "slow down")], []),
}


def message(words):
    return json.dumps({"type": "user", "message": {"role": "user", "content": words}}) + "\n"


def run(sandbox, program, options, environment, messages=()):
    work = sandbox.root / f"work-{program.parent.name}"
    work.mkdir()
    (work / "README.md").write_text("# Example\n")
    sandbox.run("git", "init", "--quiet", work).ok()
    if messages:
        return sandbox.run(program, *OPTIONS, *MESSAGES, *options, cwd=work, stdin="".join(map(message, messages)),
                           env=environment)
    return sandbox.run(program, *OPTIONS, *options, cwd=work, stdin="scenario, please", env=environment)


def events(result):
    return [json.loads(line) for line in result.out.splitlines()]


def kinds(result):
    return [(event["type"], event.get("subtype")) for event in events(result)]


def outline(result):
    """What the launcher reads of a run, without ids, times and amounts."""
    final = events(result)[-1]
    assert RESULT_KEYS <= final.keys()
    assert USAGE_KEYS <= final["usage"].keys()
    return {
        "exit code": result.code,
        "kinds": kinds(result),
        "type is first": next(iter(final)) == "type",
        "subtype": final["subtype"],
        "is_error": final["is_error"],
        "terminal_reason": final["terminal_reason"],
        "has result": isinstance(final.get("result"), str),
        "has errors": isinstance(final.get("errors"), list),
        "denials": [(denial["tool_name"], denial["tool_input"]["command"]) for denial in final["permission_denials"]],
        "tools": [block["name"] for event in events(result) if event["type"] == "assistant"
                  for block in event["message"]["content"] if block["type"] == "tool_use"],
    }


def environment_for(server=None):
    environment = {"SHELL": "/bin/bash", "IS_SANDBOX": "1", "DISABLE_TELEMETRY": "1", "DISABLE_AUTOUPDATER": "1",
                   "DISABLE_ERROR_REPORTING": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
                   "CLAUDE_CODE_MAX_RETRIES": "1"}
    if server is not None:
        environment |= {"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": "dummy"}
    return environment


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_stand_in_does_what_the_real_program_does(sandbox, real_claude, api, scenario):
    answers, options = SCENARIOS[scenario]
    environment = environment_for(api({"scenario": answers}))
    real = run(sandbox, real_claude, options, environment)
    fake = run(sandbox, STAND_IN, options, {"FAKE_CLAUDE": scenario})
    assert outline(fake) == outline(real)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_prompt_as_a_message(sandbox, real_claude, api, scenario):
    answers, options = SCENARIOS[scenario]
    environment = environment_for(api({"scenario": answers}))
    real = run(sandbox, real_claude, options, environment, ["scenario, please"])
    fake = run(sandbox, STAND_IN, options, {"FAKE_CLAUDE": scenario}, ["scenario, please"])
    assert outline(fake) == outline(real)


def test_a_message_that_waits_is_a_turn_of_its_own(sandbox, real_claude, api):
    """Also when standard input has ended before the first result, which is how the launcher ends the agent."""
    environment = environment_for(api({"scenario": [speaks("There is nothing to do.")],
                                       "second": [speaks("You said: second thought")]}))
    messages = ["scenario, please", "second thought"]
    real = run(sandbox, real_claude, [], environment, messages)
    fake = run(sandbox, STAND_IN, [], {"FAKE_CLAUDE": "no_change", "FAKE_CLAUDE_HEARD": sandbox.root / "heard"},
               messages)
    assert outline(fake) == outline(real)
    assert [kind for kind in kinds(real) if kind[0] != "assistant"] == [
        ("system", "init"), ("result", "success"), ("system", "init"), ("result", "success")]


def test_a_turn_ends_before_its_background_command_and_another_follows(sandbox, real_claude, api):
    command = uses("Bash", command="for i in 1 2 3; do sleep 1; done", run_in_background=True, description="tests")
    usage = {"input_tokens": 100, "output_tokens": 20}
    environment = environment_for(api({
        "scenario": [command, speaks("The tests run in the background.", usage=usage)],
        "completed (exit code 0)": {2: uses("Write", file_path="claude-was-here.txt", content="written by an agent\n"),
                                    3: speaks("All done.", usage=usage)}}))
    real = run(sandbox, real_claude, ["--permission-mode", "bypassPermissions"], environment, ["scenario, please"])
    fake = run(sandbox, STAND_IN, [], {"FAKE_CLAUDE": "in_background"}, ["scenario, please"])
    for program in (real, fake):
        assert program.code == 0
        told = [event for event in events(program)
                if event["type"] == "result" or event.get("subtype") in ("init", "background_tasks_changed", "task_started")]
        assert [event.get("subtype") for event in told] == [
            "init", "background_tasks_changed", "task_started", "success", "background_tasks_changed", "init", "success"]
        assert [len(event["tasks"]) for event in told if "tasks" in event] == [1, 0]
        assert told[2]["is_backgrounded"] is True
        first, second = (event for event in told if event["type"] == "result")
        assert [first["num_turns"], second["num_turns"]] == [2, 2]
        assert second["usage"]["input_tokens"] == first["usage"]["input_tokens"] > 0
        of_models, = second["modelUsage"].values()
        assert of_models["inputTokens"] == 2 * first["usage"]["input_tokens"]
        assert second["total_cost_usd"] > first["total_cost_usd"]
        assert first["stop_reason"] == second["stop_reason"] == "end_turn"


def test_not_logged_in(sandbox, real_claude):
    real = run(sandbox, real_claude, [], environment_for())
    fake = run(sandbox, STAND_IN, [], {"FAKE_CLAUDE": "not_logged_in"})
    assert outline(fake) == outline(real)
    assert events(fake)[-1]["result"] == events(real)[-1]["result"]


@pytest.mark.parametrize("options", [["--no-such-option"], ["--permission-mode", "nonsense"]])
def test_wrong_options_are_refused_by_both(sandbox, real_claude, options):
    for program in (real_claude, STAND_IN):
        result = run(sandbox, program, options, environment_for())
        assert result.code == 1
        assert result.out == ""
        assert result.err.startswith("error: ")


def test_an_empty_prompt_is_refused_by_both(sandbox, real_claude):
    for program in (real_claude, STAND_IN):
        result = sandbox.run(program, *OPTIONS, stdin="", env=environment_for())
        assert result.code == 1
        assert "Input" in result.err


def test_stream_json_needs_verbose_with_both(sandbox, real_claude):
    for program in (real_claude, STAND_IN):
        result = sandbox.run(program, "-p", "--output-format", "stream-json", stdin="hello", env=environment_for())
        assert result.code == 1
        assert "--verbose" in result.err
