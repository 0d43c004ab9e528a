"""What logs agents in: kept for their runs, given back by nothing, proven by a question."""

import datetime
import json
import pathlib
import shutil
import stat

import pytest

FAKE = pathlib.Path(__file__).resolve().parents[1] / "fakes" / "claude"
EXPORT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "export-claude-credentials"
TOKEN = "sk-ant-oat01-not-a-real-token"


@pytest.fixture
def claude(sandbox):
    """Claude Code's stand-in, which answers only who has the token."""
    stand_in = sandbox.bin / "claude-stand-in"
    shutil.copy(FAKE, stand_in)
    return sandbox.fake_program("claude", f"""
case "$*" in
"auth status")
    if [ "$CLAUDE_CODE_OAUTH_TOKEN" = {TOKEN} ]; then echo '{{"loggedIn": true, "authMethod": "oauth_token"}}'; exit 0; fi
    echo '{{"loggedIn": false, "authMethod": "none"}}'; exit 1 ;;
esac
if [ "$CLAUDE_CODE_OAUTH_TOKEN" = {TOKEN} ]; then
    case "$*" in *--output-format\\ json*)
        echo '{{"type": "result", "is_error": false, "result": "ready"}}'; exit 0 ;;
    esac
    exec '{stand_in}' "$@"
fi
echo '{{"type": "result", "is_error": true, "result": "Not logged in"}}'
exit 1
""")


def keep(repository, value=TOKEN, *words):
    return repository.changeling("credential", "set", "claude", *(words or ("CLAUDE_CODE_OAUTH_TOKEN",)), stdin=value + "\n")


def of_claude(repository):
    agents = repository.changeling("credential", "list", "--json").ok().json["agents"]
    return next(agent for agent in agents if agent["agent"] == "claude")


def all_that_is_stored(repository):
    """Everything below the repository and the home but the file itself."""
    text = ""
    for folder in (repository.path, repository.sandbox.home):
        for path in folder.rglob("*"):
            if path.is_file() and "credentials/claude" not in str(path):
                text += path.read_bytes().decode(errors="replace")
    objects = repository.git("cat-file", "--batch-all-objects", "--batch-check").splitlines()
    for line in objects:
        text += repository.git("cat-file", "-p", line.split()[0], env={"LC_ALL": "C"}) if "tree" not in line else ""
    return text


def test_a_kept_token_logs_the_agent_in_and_stands_nowhere_else(repository, claude):
    assert of_claude(repository) | {"logged_in": False, "credentials": []} == of_claude(repository)
    refused = repository.changeling("credential", "check", "claude")
    assert refused.code == 1 and "Not logged in" in refused.out
    done = keep(repository).ok()
    assert TOKEN not in done.out + done.err
    file, = repository.sandbox.home.glob(".local/share/git-changeling/credentials/claude/*")
    assert file.read_text() == TOKEN and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert repository.changeling("credential", "check", "claude").ok().out == "claude: it answered\n"
    told = of_claude(repository)
    assert told["logged_in"] is True and told["how"] == "oauth_token"
    assert [one["where"] for one in told["credentials"]] == ["kept"]
    repository.changeling("add", "sprite", "--prompt", "Do it").ok()
    repository.changeling("run", "sprite").ok()
    assert repository.runs()[0]["outcome"] == "opened-pr"
    assert TOKEN not in all_that_is_stored(repository)
    for words in (("list",), ("list", "--json"), ("check", "claude")):
        assert TOKEN not in repository.changeling("credential", *words).out


def test_what_the_agent_prints_of_it_is_redacted(repository, claude):
    keep(repository).ok()
    repository.write(".changelings.toml", f'''
[agents.teller]
command = ["sh", "-c", "echo $CLAUDE_CODE_OAUTH_TOKEN; echo more >> README.md", "{{prompt}}"]
pass_env = ["CLAUDE_CODE_OAUTH_TOKEN"]
''')
    repository.commit({}, "an agent type")
    repository.git("push", "--quiet")
    repository.changeling("add", "a", "--agent", "teller", "--prompt", "x").ok()
    repository.changeling("trust", "--all", "--yes").ok()
    repository.changeling("run", "a").ok()
    # It is kept for claude, not for an agent type that somebody named after their liking.
    assert TOKEN not in repository.changeling("logs", repository.runs()[0]["id"]).ok().out
    repository.changeling("credential", "set", "teller", stdin=TOKEN).ok()
    repository.changeling("run", "a").ok()
    log = repository.changeling("logs", repository.runs()[0]["id"]).ok().out
    assert "[redacted]" in log and TOKEN not in log


def test_it_is_forgotten(repository, claude):
    keep(repository).ok()
    assert "CLAUDE_CODE_OAUTH_TOKEN" in repository.changeling("credential", "remove", "claude").ok().out
    assert repository.changeling("credential", "remove", "claude").code == 1
    assert of_claude(repository)["credentials"] == []


def test_what_makes_no_sense_is_refused_with_what_to_type(repository, claude):
    several = repository.changeling("credential", "set", "claude", stdin=TOKEN)
    assert several.code == 129 and "ANTHROPIC_API_KEY, CLAUDE_CODE_OAUTH_TOKEN" in several.err
    near = keep(repository, TOKEN, "CLAUDE_CODE_OAUTH_TOKE")
    assert near.code == 128 and "did you mean CLAUDE_CODE_OAUTH_TOKEN?" in near.err
    assert keep(repository, "").code == 128
    lines = keep(repository, "geheim\nzwei")
    assert lines.code == 128 and "geheim" not in lines.err
    unknown = repository.changeling("credential", "set", "claud", stdin=TOKEN)
    assert unknown.code == 128 and "claude" in unknown.err
    nothing = repository.changeling("credential", "check", "command")
    assert nothing.code == 128
    inside = repository.changeling("credential", "set", "claude", "ANTHROPIC_API_KEY", stdin=TOKEN, env={"CHANGELING_RUN": "r1"})
    assert inside.code == 128 and "inside a run" in inside.err


def test_the_script_exports_the_token_of_a_login(sandbox):
    login = {"claudeAiOauth": {"accessToken": TOKEN, "refreshToken": "other", "expiresAt": 1}}
    sandbox.write(sandbox.home / ".claude/.credentials.json", json.dumps(login))
    assert sandbox.run(EXPORT).ok().out == TOKEN + "\n"
    sandbox.fake_program("uname", "echo Darwin")
    keychain = f"test \"$*\" = \"find-generic-password -s Claude Code-credentials -w\" && echo '{json.dumps(login)}'"
    sandbox.fake_program("security", keychain)
    assert sandbox.run(EXPORT).ok().out == TOKEN + "\n"
    sandbox.fake_program("security", "exit 44")
    missing = sandbox.run(EXPORT)
    assert missing.code != 0 and missing.out == ""


def test_a_schedule_waits_for_the_login_and_goes_on_by_itself(repository, claude):
    repository.changeling("add", "sprite", "--prompt", "Do it", "--schedule", "* * * * *", "--timezone", "UTC").ok()
    assert repository.changeling("run", "sprite").code == 1
    assert "is not logged in" in repository.runs()[0]["error"]

    def judged(minutes):
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
        return repository.changeling("tick", "--dry-run", "--now", later.strftime("%Y-%m-%dT%H:%M:%SZ"), "--json").ok().json
    held, = judged(5)["held_back"]
    assert held["reason"] == "claude is not logged in: git changeling credential set claude"
    assert "credential set claude" in repository.changeling("status").ok().out
    assert [due["changeling"] for due in judged(31)["due"]] == ["sprite"], "it is tried in any case"
    keep(repository).ok()
    assert [due["changeling"] for due in judged(5)["due"]] == ["sprite"]
