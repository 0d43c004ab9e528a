"""completions/git-changeling.bash: for `git-changeling …` and, through git's completion, `git changeling …`."""

FRAME = r'''# Completion for bash. Made by scripts/generate-docs from the program's command tree; do not edit.
# git's own completion calls _git_changeling for `git changeling`; the last line serves `git-changeling`.

# Prints what can be typed for one kind of value.
__git_changeling_values ()
{
	case "$1" in
	changelings) git-changeling __complete changelings 2>/dev/null ;;
	runs)        git-changeling __complete runs 2>/dev/null ;;
	pulls)       git-changeling __complete pulls 2>/dev/null ;;
	templates)   __git_changeling_json templates list --json | sed -n 's/^ *"name": *"\(.*\)"$/\1/p' ;;
	branches)    git for-each-ref --format='%(refname:short)' refs/heads 2>/dev/null ;;
	remotes)     git remote 2>/dev/null ;;
	agents)      printf '%s\n' claude codex command gemini mngr ;;
	esac
}

# One member of the JSON answer a line, whatever its layout.
__git_changeling_json ()
{
	git-changeling "$@" 2>/dev/null | tr '{,}' '\n\n\n' | sed 's/ *$//'
}

# Sets commands, options, the options that take a value, and the kinds of the positionals for a command's path.
__git_changeling_command ()
{
	commands='' options='' valued='' positionals=''
	case "$1" in
@COMMANDS@
	*) return 1 ;;
	esac
}

# Sets kind or choices for the value of an option of a command.
__git_changeling_option ()
{
	kind='' choices=''
	case "$1" in
@VALUES@
	esac
}

__git_changeling_complete ()
{
	local first=$1 cur=${COMP_WORDS[COMP_CWORD]} previous='' path='' word index count=0
	local commands options valued positionals kind choices
	[ "$COMP_CWORD" -gt 0 ] && previous=${COMP_WORDS[COMP_CWORD-1]}
	# Readline splits --option=value into three words.
	if [ "$cur" = = ]; then
		cur=''
	elif [ "$previous" = = ] && [ "$COMP_CWORD" -gt 1 ]; then
		previous=${COMP_WORDS[COMP_CWORD-2]}
	fi
	COMPREPLY=()
	__git_changeling_command ''
	for ((index = first; index < COMP_CWORD; index++)); do
		word=${COMP_WORDS[index]}
		case "$word" in
		=) ((index++)) ;;
		-*)
			case " $valued " in *" $word "*)
				[ "${COMP_WORDS[index+1]}" = = ] || ((index++)) ;;
			esac ;;
		*)
			case " $commands " in
			*" $word "*) path="${path:+$path }$word"; __git_changeling_command "$path" ;;
			*) ((count++)) ;;
			esac ;;
		esac
	done
	case " $valued " in
	*" $previous "*)
		__git_changeling_option "${path:+$path }$previous"
		if [ "$kind" = files ]; then
			compopt -o filenames 2>/dev/null
			COMPREPLY=($(compgen -f -- "$cur"))
		else
			[ -z "$kind" ] || choices=$(__git_changeling_values "$kind")
			COMPREPLY=($(compgen -W "$choices" -- "$cur"))
		fi
		return ;;
	esac
	case "$cur" in
	-*) COMPREPLY=($(compgen -W "$options" -- "$cur")); return ;;
	esac
	if [ -n "$commands" ]; then
		COMPREPLY=($(compgen -W "$commands" -- "$cur"))
		return
	fi
	set -- $positionals
	# A repeatable positional stands last and takes all that follow.
	while [ "$count" -gt 0 ] && [ $# -gt 0 ]; do
		case "$1" in *+) break ;; esac
		shift; ((count--))
	done
	kind=${1%+}
	case "$kind" in
	'' | -) ;;
	files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
	*) COMPREPLY=($(compgen -W "$(__git_changeling_values "$kind")" -- "$cur")) ;;
	esac
}

_git_changeling ()
{
	local index
	for ((index = 1; index < COMP_CWORD; index++)); do
		[ "${COMP_WORDS[index]}" = changeling ] && break
	done
	__git_changeling_complete $((index + 1))
}

__git_changeling_program ()
{
	__git_changeling_complete 1
}

complete -o bashdefault -o default -F __git_changeling_program git-changeling
'''


def write(root):
    commands, values = [], []
    for command in root.walk():
        options = [name for option in command.accepted_options() for name in option.names]
        valued = [name for option in command.accepted_options() if option.value for name in option.names]
        positionals = [(command.positional_kind(positional) or "-") + ("+" if positional.repeatable else "")
                       for positional in command.positionals]
        settings = [f"{name}='{' '.join(words)}'" for name, words in [
            ("commands", [child.name for child in command.commands]), ("options", options), ("valued", valued),
            ("positionals", positionals)] if words]
        commands.append(f"\t'{' '.join(command.path)}')\n\t\t" + "\n\t\t".join(settings or [":"]) + " ;;")
        for option in command.accepted_options():
            if option.kind:
                pattern = " | ".join(f"'{' '.join((*command.path, name))}'" for name in option.names)
                setting = f"choices='{' '.join(option.choices)}'" if option.choices else f"kind={option.kind}"
                values.append(f"\t{pattern}) {setting} ;;")
    return FRAME.replace("@COMMANDS@", "\n".join(commands)).replace("@VALUES@", "\n".join(values))
