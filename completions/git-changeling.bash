# Completion for bash. Made by scripts/generate-docs from the program's command tree; do not edit.
# git's own completion calls _git_changeling for `git changeling`; the last line serves `git-changeling`.

# Prints what can be typed for one kind of value.
__git_changeling_values ()
{
	case "$1" in
	changelings) __git_changeling_json list --json | sed -n 's/^ *"name": *"\(.*\)"$/\1/p' ;;
	runs)        __git_changeling_json runs list --json | sed -n 's/^ *"id": *"\(.*\)"$/\1/p' ;;
	pulls)       __git_changeling_json review list --json | sed -n 's/^ *"number": *\([0-9]*\)$/\1/p' ;;
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
	'')
		commands='add disable edit enable init list logs remove report retry review run runs show status stop templates update'
		options='-h --help -C -q --quiet --no-pager --json --version'
		valued='-C' ;;
	'add')
		options='-h --help --update --description --template --agent --run --prompt --title --branch --schedule --timezone --on --path --arg --env --secret --permission --verify --setup --copy --timeout --silence-timeout --max-turns --budget --max-open-prs --overlap --catch-up --output --sandbox --label --reviewer --draft --no-draft --draft-on-failure --no-draft-on-failure --disabled --no-disabled --prompt-file -C -q --quiet --no-pager --json'
		valued='--description --template --agent --run --prompt --title --branch --schedule --timezone --on --path --arg --env --secret --permission --verify --setup --copy --timeout --silence-timeout --max-turns --budget --max-open-prs --overlap --catch-up --output --sandbox --label --reviewer --prompt-file -C'
		positionals='-' ;;
	'disable')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings+' ;;
	'edit')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings' ;;
	'enable')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings+' ;;
	'init')
		options='-h --help --ref --remote -C -q --quiet --no-pager --json'
		valued='--ref --remote -C' ;;
	'list')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'logs')
		options='-h --help -f --follow --transcript -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='runs' ;;
	'remove')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings+' ;;
	'report')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings' ;;
	'retry')
		options='-h --help -d --detach -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='runs' ;;
	'review')
		commands='accept list reject show'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'review accept')
		options='-h --help --delete-branch -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='pulls' ;;
	'review list')
		options='-h --help -a --all -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'review reject')
		options='-h --help -r --reason --delete-branch -C -q --quiet --no-pager --json'
		valued='-r --reason -C'
		positionals='pulls' ;;
	'review show')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='pulls' ;;
	'run')
		options='-h --help -n --dry-run -d --detach -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings' ;;
	'runs')
		commands='list show'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'runs list')
		options='-h --help --changeling --outcome -n --limit -C -q --quiet --no-pager --json'
		valued='--changeling --outcome -n --limit -C' ;;
	'runs show')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='runs' ;;
	'show')
		options='-h --help --origin -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings' ;;
	'status')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'stop')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='runs' ;;
	'templates')
		commands='export list show'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'templates export')
		options='-h --help -o --output -C -q --quiet --no-pager --json'
		valued='-o --output -C'
		positionals='templates' ;;
	'templates list')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'templates show')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='templates' ;;
	'update')
		options='-h --help --description --template --agent --run --prompt --title --branch --schedule --timezone --on --path --arg --env --secret --permission --verify --setup --copy --timeout --silence-timeout --max-turns --budget --max-open-prs --overlap --catch-up --output --sandbox --label --reviewer --draft --no-draft --draft-on-failure --no-draft-on-failure --disabled --no-disabled --prompt-file -C -q --quiet --no-pager --json'
		valued='--description --template --agent --run --prompt --title --branch --schedule --timezone --on --path --arg --env --secret --permission --verify --setup --copy --timeout --silence-timeout --max-turns --budget --max-open-prs --overlap --catch-up --output --sandbox --label --reviewer --prompt-file -C'
		positionals='changelings' ;;
	*) return 1 ;;
	esac
}

# Sets kind or choices for the value of an option of a command.
__git_changeling_option ()
{
	kind='' choices=''
	case "$1" in
	'-C') kind=files ;;
	'add --template') kind=templates ;;
	'add --agent') kind=agents ;;
	'add --branch') kind=branches ;;
	'add --copy') kind=files ;;
	'add --overlap') choices='skip queue replace' ;;
	'add --catch-up') choices='none last all' ;;
	'add --output') choices='pull-request issue report' ;;
	'add --sandbox') choices='off auto required' ;;
	'add --prompt-file') kind=files ;;
	'add -C') kind=files ;;
	'disable -C') kind=files ;;
	'edit -C') kind=files ;;
	'enable -C') kind=files ;;
	'init --remote') kind=remotes ;;
	'init -C') kind=files ;;
	'list -C') kind=files ;;
	'logs -C') kind=files ;;
	'remove -C') kind=files ;;
	'report -C') kind=files ;;
	'retry -C') kind=files ;;
	'review -C') kind=files ;;
	'review accept -C') kind=files ;;
	'review list -C') kind=files ;;
	'review reject -C') kind=files ;;
	'review show -C') kind=files ;;
	'run -C') kind=files ;;
	'runs -C') kind=files ;;
	'runs list -C') kind=files ;;
	'runs show -C') kind=files ;;
	'show -C') kind=files ;;
	'status -C') kind=files ;;
	'stop -C') kind=files ;;
	'templates -C') kind=files ;;
	'templates export -o' | 'templates export --output') kind=files ;;
	'templates export -C') kind=files ;;
	'templates list -C') kind=files ;;
	'templates show -C') kind=files ;;
	'update --template') kind=templates ;;
	'update --agent') kind=agents ;;
	'update --branch') kind=branches ;;
	'update --copy') kind=files ;;
	'update --overlap') choices='skip queue replace' ;;
	'update --catch-up') choices='none last all' ;;
	'update --output') choices='pull-request issue report' ;;
	'update --sandbox') choices='off auto required' ;;
	'update --prompt-file') kind=files ;;
	'update -C') kind=files ;;
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
