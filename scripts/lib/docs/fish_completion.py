"""completions/git-changeling.fish: for `git-changeling …` and `git changeling …`."""

HEAD = r'''# Completion for fish. Made by scripts/generate-docs from the program's command tree; do not edit.

# The words of the command line after `git-changeling` or `git changeling`, without the one being typed.
function __git_changeling_words
    set -l words (commandline -opc)
    if test "$words[1]" = git-changeling
        printf '%s\n' $words[2..-1]
    else if set -l at (contains -i -- changeling $words)
        set -l next (math $at + 1)
        if test $next -le (count $words)
            printf '%s\n' $words[$next..-1]
        end
    else
        return 1
    end
end

# Whether the command typed so far is exactly this one; arguments after it do not matter.
function __git_changeling_at
    set -l words (__git_changeling_words); or return 1
    set -l path
    for word in $words
        string match -q -- '-*' $word; and continue
        contains -- (string join ' ' -- $path $word) $__git_changeling_paths; or break
        set -a path $word
    end
    test "$path" = "$argv"
end

# One member of the program's JSON answer a line, whatever its layout.
function __git_changeling_json
    git-changeling $argv 2>/dev/null | tr '{,}' '\n\n\n' | string trim
end

function __git_changeling_values
    switch $argv[1]
        case changelings
            git-changeling __complete changelings 2>/dev/null
        case runs
            git-changeling __complete runs 2>/dev/null
        case pulls
            git-changeling __complete pulls 2>/dev/null
        case templates
            __git_changeling_json templates list --json | string replace -rf '^"name": *"(.*)"$' '$1'
        case branches
            git for-each-ref --format='%(refname:short)' refs/heads 2>/dev/null
        case remotes
            git remote 2>/dev/null
        case agents
            printf '%s\n' claude codex command gemini mngr
    end
end

'''


def write(root):
    paths = " ".join(_quote(" ".join(command.path)) for command in root.walk() if command.path)
    lines = [f"set -g __git_changeling_paths {paths}", "",
             "complete -c git -n 'not __fish_seen_subcommand_from changeling; and __fish_use_subcommand' "
             "-a changeling -d 'Scheduled coding agents of this repository'", ""]
    for program in ("git-changeling", "git"):
        for command in root.walk():
            condition = f"__git_changeling_at {' '.join(command.path)}".strip()
            lines += _command(program, condition, command)
        lines.append("")
    return HEAD + "\n".join(lines)


def _command(program, condition, command):
    start = f"complete -c {program} -n {_quote(condition)}"
    lines = [f"{start} -f -a {child.name} -d {_quote(child.summary)}" for child in command.commands]
    for option in command.accepted_options():
        flags = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
        lines.append(f"{start} {flags}{_value(option)} -d {_quote(option.help)}")
    # In their order, each once: what is written must be the same every time.
    for kind in dict.fromkeys(command.positional_kind(positional) for positional in command.positionals):
        if kind == "files":
            lines.append(f"{start} -F")
        elif kind:
            lines.append(f"{start} -f -a '(__git_changeling_values {kind})'")
    if not command.commands and not any(command.positional_kind(each) for each in command.positionals):
        lines.append(f"{start} -f")
    return lines


def _value(option):
    if not option.value:
        return ""
    if option.choices:
        return " -x -a " + _quote(" ".join(option.choices))
    if option.kind == "files":
        return " -r -F"
    return f" -x -a '(__git_changeling_values {option.kind})'" if option.kind else " -x"


def _quote(text):
    return "'" + " ".join(text.split()).replace("\\", "\\\\").replace("'", "\\'") + "'"
