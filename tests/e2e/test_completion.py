"""Completion in the three shells, as each shell itself computes it, for both spellings of the command."""

import pathlib
import shlex

import pytest

COMPLETIONS = pathlib.Path(__file__).resolve().parents[2] / "completions"
SPELLINGS = ["git-changeling", "git changeling"]


@pytest.fixture
def filled(repository):
    repository.add_command("fixer", "sed -i s/teh/the/ README.md")
    repository.add_command("formatter", "true")
    repository.changeling("run", "fixer").ok()
    return repository


def bash(repository, line):
    words = shlex.split(line) + ([""] if line.endswith(" ") else [])
    function = "__git_changeling_program" if words[0] == "git-changeling" else "__git_wrap__git_main"
    script = (f"source /usr/share/bash-completion/completions/git; source {COMPLETIONS}/git-changeling.bash\n"
              f"COMP_WORDS=({' '.join(shlex.quote(word) for word in words)}); COMP_CWORD={len(words) - 1}\n"
              f"COMP_LINE={shlex.quote(line)}; COMP_POINT={len(line)}; COMP_TYPE=9\n"
              f"{function} 2>/dev/null; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    result = repository.sandbox.run("bash", "-c", script, cwd=repository.path)
    return [word.strip() for word in result.out.split("\n") if word.strip()]


def fish(repository, line):
    script = (f"source {COMPLETIONS}/git-changeling.fish; complete -C {shlex.quote(line)}")
    result = repository.sandbox.run("fish", "--no-config", "-c", script, cwd=repository.path).ok()
    return [word.split("\t")[0] for word in result.out.splitlines()]


# Drives an interactive zsh in a pseudo terminal: every match that the completion adds is written to $MATCHES.
ZSH_DRIVER = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=""; stty cols 200 rows 200; fpath=($COMPLETIONS $fpath); autoload -Uz compinit; compinit -u -D
compadd () {
  local -a __matches
  if [[ " ${@[1,(i)(-|--)]}" == *" "-(O|A|D)" "* ]]; then builtin compadd "$@"; return; fi
  builtin compadd -A __matches "$@"
  (( $#__matches )) && print -rl -- $__matches >> $MATCHES
  builtin compadd "$@"
}
finish () { print -r -- "do""ne:"; }; zle -N finish; bindkey "^X^X" finish; bindkey "^I" list-choices
LISTMAX=1000; print "rea""dy:"'
zpty -r -m shell output '*ready:*'
zpty -w -n shell "$LINE"$'\t\x18\x18'
zpty -r -m shell output '*done:*'
"""


def zsh(repository, line):
    sandbox = repository.sandbox
    driver = sandbox.write("driver.zsh", ZSH_DRIVER)
    matches = sandbox.write("matches", "")
    sandbox.run("zsh", "-f", driver, cwd=repository.path,
                env={"TERM": "xterm", "LINE": line, "MATCHES": matches, "COMPLETIONS": COMPLETIONS}).ok()
    return sorted(set(matches.read_text().split()))


def test_names_come_from_the_state_and_from_the_file(filled):
    filled.write(".changelings.toml", '[changelings.mason]\nrun = "true"\n[changelings.fixer]\ntimeout = "5m"\n')
    assert filled.changeling("__complete", "changelings").ok().out.split() == ["fixer", "formatter", "mason"]
    filled.write(".changelings.toml", "[changelings.mason\n")
    assert filled.changeling("__complete", "changelings").ok().out.split() == ["fixer", "formatter"]
    assert filled.changeling("__complete", "runs", "--json").ok().json == {"names": [filled.runs()[0]["id"]]}
    assert 'did you mean "runs"?' in filled.changeling("__complete", "run").expect(129).err


def test_what_is_completed_needs_no_index(filled):
    index = filled.common_directory() / "changelings" / "index.sqlite"
    index.unlink()
    assert filled.changeling("__complete", "changelings").ok().out.split() == ["fixer", "formatter"]
    assert len(filled.changeling("__complete", "runs").ok().out.split()) == 1
    assert not index.exists()


def test_before_init_nothing_is_offered(sandbox):
    empty = sandbox.repository(files={"README.md": "# Example\n"}, name="empty")
    assert empty.changeling("__complete", "changelings").ok().out == ""
    assert empty.changeling("__complete", "runs").ok().out == ""


@pytest.mark.parametrize("shell", [bash, fish, zsh], ids=lambda shell: shell.__name__)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_is_offered(filled, shell, spelling):
    def offered(rest):
        return {word.strip() for word in shell(filled, f"{spelling} {rest}")}

    commands = offered("r")
    assert {"run", "runs", "review", "retry", "remove"} <= commands and "add" not in commands
    assert {"accept", "list", "reject", "show"} <= offered("review ")
    assert offered("add --ov") == {"--overlap"}
    assert "--json" in offered("runs list --j")
    assert {"skip", "queue", "replace"} <= offered("add x --overlap ")
    assert {"fixer", "formatter"} <= offered("run ")
    assert filled.runs()[0]["id"] in offered("logs ")
    assert {"typo-sprite", "fixme-fairy"} <= offered("add x --template ")
    assert "1" in offered("review show ")
