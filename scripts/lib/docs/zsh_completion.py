"""completions/_git-changeling: for `git-changeling …` and, through zsh's _git, `git changeling …`."""

HEAD = r'''#compdef git-changeling
#description scheduled coding agents that belong to the repository
# Completion for zsh. Made by scripts/generate-docs from the program's command tree; do not edit.

# One member of the program's JSON answer a line, whatever its layout.
__git_changeling_json () {
  git-changeling "$@" 2>/dev/null | tr '{,}' '\n\n\n' | sed 's/ *$//'
}

__git_changeling_values () {
  local -a found
  case $1 in
    changelings) found=(${(f)"$(git-changeling __complete changelings 2>/dev/null)"}) ;;
    runs) found=(${(f)"$(git-changeling __complete runs 2>/dev/null)"}) ;;
    pulls) found=(${(f)"$(git-changeling __complete pulls 2>/dev/null)"}) ;;
    templates) found=(${(f)"$(__git_changeling_json templates list --json | sed -n 's/^ *"name": *"\(.*\)"$/\1/p')"}) ;;
    branches) found=(${(f)"$(git for-each-ref --format='%(refname:short)' refs/heads 2>/dev/null)"}) ;;
    remotes) found=(${(f)"$(git remote 2>/dev/null)"}) ;;
    agents) found=(claude codex command gemini mngr) ;;
  esac
  (( $#found )) && compadd -a found
}

'''

TAIL = '''_git-changeling () {
  local curcontext=$curcontext state line
  typeset -A opt_args
  __git_changeling_root
}

_git-changeling "$@"
'''


def write(root):
    return HEAD + "\n".join(_function(command) for command in root.walk()) + "\n" + TAIL


def _function_name(command):
    return "__git_changeling_" + ("_".join(command.path).replace("-", "_") if command.path else "root")


def _function(command):
    specifications = [specification for option in command.accepted_options() for specification in _option(option)]
    lines = [f"{_function_name(command)} () {{"]
    if command.commands:
        lines += ["  local curcontext=$curcontext state line", "  typeset -A opt_args",
                  "  _arguments -C \\", *(f"    {specification} \\" for specification in specifications),
                  "    '1: :->command' '*:: :->rest'", "  case $state in", "    command)",
                  "      local -a commands=("]
        lines += [f"        {_quote(child.name + ':' + _plain(child.summary))}" for child in command.commands]
        lines += ["      )", "      _describe command commands ;;", "    rest)", "      case $words[1] in"]
        lines += [f"        {child.name}) {_function_name(child)} ;;" for child in command.commands]
        lines += ["      esac ;;", "  esac", "}"]
        return "\n".join(lines) + "\n"
    for number, positional in enumerate(command.positionals, start=1):
        place = "*" if positional.repeatable else str(number)
        optional = "" if positional.required or positional.repeatable else ":"
        specifications.append(_quote(f"{place}:{optional}{positional.name.lower()}:"
                                     f"{_action(command.positional_kind(positional), [])}"))
    lines.append("  _arguments -s \\" if specifications else "  _message 'no more arguments'")
    lines += [f"    {specification}" + (" \\" if specification is not specifications[-1] else "")
              for specification in specifications]
    return "\n".join(lines + ["}"]) + "\n"


def _option(option):
    value = f":{option.value.lower()}:{_action(option.kind, option.choices)}" if option.value else ""
    star = "*" if option.repeatable else ""
    return [_quote(f"{star}{name}[{_plain(option.help)}]{value}") for name in option.names]


def _action(kind, choices):
    if choices:
        return f"({' '.join(choices)})"
    if kind == "files":
        return "_files"
    return f"{{__git_changeling_values {kind}}}" if kind else " "


def _plain(text):
    """Help text without what _arguments and _describe treat as syntax."""
    return " ".join(text.split()).replace("\\", "").replace("[", "(").replace("]", ")").replace(":", " -")


def _quote(text):
    return "'" + text.replace("'", "'\\''") + "'"
