# Completion for bash. Made by scripts/generate-docs from the program's command tree; do not edit.
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
	'')
		commands='add agent answer ask attach chat compact config credential deploy disable dispatch edit enable events hook hooks init list log logs notify plan prime publish redo remove report retry review role run runs schedule send serve show skill status stop sync task templates tick trust undeploy undo untrust update webhook work'
		options='-h --help -C -q --quiet --no-pager --json --version'
		valued='-C' ;;
	'add')
		options='-h --help --update --description --template --agent --run --prompt --title --branch --schedule --timezone --on --path --arg --env --secret --permission --subagent --skill --refusals --verify --setup --copy --timeout --silence-timeout --max-turns --budget --daily-budget --max-open-prs --overlap --catch-up --output --sandbox --network --sandbox-read --sandbox-write --max-memory-mb --max-processes --max-file-mb --label --reviewer --draft --no-draft --draft-on-failure --no-draft-on-failure --disabled --no-disabled --prompt-file -C -q --quiet --no-pager --json'
		valued='--description --template --agent --run --prompt --title --branch --schedule --timezone --on --path --arg --env --secret --permission --subagent --skill --refusals --verify --setup --copy --timeout --silence-timeout --max-turns --budget --daily-budget --max-open-prs --overlap --catch-up --output --sandbox --network --sandbox-read --sandbox-write --max-memory-mb --max-processes --max-file-mb --label --reviewer --prompt-file -C'
		positionals='-' ;;
	'agent')
		commands='add list remove show'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'agent add')
		options='-h --help --description --instructions --instructions-file --agent --working-directory --permission --skill --update -C -q --quiet --no-pager --json'
		valued='--description --instructions --instructions-file --agent --working-directory --permission --skill -C'
		positionals='-' ;;
	'agent list')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'agent remove')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-+' ;;
	'agent show')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'answer')
		options='-h --help --question -C -q --quiet --no-pager --json'
		valued='--question -C'
		positionals='runs -' ;;
	'ask')
		options='-h --help --choice --wait --later -C -q --quiet --no-pager --json'
		valued='--choice --wait -C'
		positionals='-' ;;
	'attach')
		options='-h --help -n --lines -C -q --quiet --no-pager --json'
		valued='-n --lines -C'
		positionals='runs' ;;
	'chat')
		options='-h --help --session -c --continue --list --confirm --decline -y --yes -C -q --quiet --no-pager --json'
		valued='--session --confirm --decline -C'
		positionals='-+' ;;
	'compact')
		options='-h --help --archive-done --archive-runs --no-archive --keep-history -n --dry-run -y --yes -C -q --quiet --no-pager --json'
		valued='--archive-done --archive-runs -C' ;;
	'config')
		commands='get list set unset'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'config get')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'config list')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'config set')
		options='-h --help --global --add -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='- -' ;;
	'config unset')
		options='-h --help --global -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'credential')
		commands='check list remove set'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'credential check')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='agents' ;;
	'credential list')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'credential remove')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='agents -' ;;
	'credential set')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='agents -' ;;
	'deploy')
		options='-h --help --to -n --dry-run -f --force --package --action --runner --token-secret --source --secret --file -C -q --quiet --no-pager --json'
		valued='--to --package --action --runner --token-secret --source --secret --file -C'
		positionals='changelings' ;;
	'disable')
		options='-h --help --all --reason -C -q --quiet --no-pager --json'
		valued='--reason -C'
		positionals='changelings+' ;;
	'dispatch')
		options='-h --help -n --number --role --label --source --as --lease -j --parallel --dry-run -C -q --quiet --no-pager --json'
		valued='-n --number --role --label --source --as --lease -j --parallel -C' ;;
	'edit')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings' ;;
	'enable')
		options='-h --help --all -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings+' ;;
	'events')
		options='-h --help --since -f --follow --type -C -q --quiet --no-pager --json'
		valued='--since --type -C' ;;
	'hook')
		commands='run'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'hook run')
		options='-h --help --wait -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='- -+' ;;
	'hooks')
		commands='install status uninstall'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'hooks install')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-+' ;;
	'hooks status')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'hooks uninstall')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'init')
		options='-h --help --ref --remote -C -q --quiet --no-pager --json'
		valued='--ref --remote -C' ;;
	'list')
		options='-h --help --all-repositories -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'log')
		options='-h --help -n --limit --task --changeling --run --since -C -q --quiet --no-pager --json'
		valued='-n --limit --task --changeling --run --since -C' ;;
	'logs')
		options='-h --help -f --follow --transcript -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='runs' ;;
	'notify')
		commands='list test'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'notify list')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'notify test')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'plan')
		options='-h --help --days --all-repositories -C -q --quiet --no-pager --json'
		valued='--days -C' ;;
	'prime')
		options='-h --help --role --as -C -q --quiet --no-pager --json'
		valued='--role --as -C' ;;
	'publish')
		options='-h --help --digest -C -q --quiet --no-pager --json'
		valued='--digest -C'
		positionals='runs files' ;;
	'redo')
		options='-h --help -y --yes -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'remove')
		options='-h --help -y --yes -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings+' ;;
	'report')
		options='-h --help --since --until --html -C -q --quiet --no-pager --json'
		valued='--since --until -C'
		positionals='changelings+' ;;
	'retry')
		options='-h --help -d --detach -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='runs' ;;
	'review')
		commands='accept checkout comment diff list reject request-changes resolve show'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'review accept')
		options='-h --help --head --delete-branch -C -q --quiet --no-pager --json'
		valued='--head -C'
		positionals='pulls' ;;
	'review checkout')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='pulls' ;;
	'review comment')
		options='-h --help --file --line --old -C -q --quiet --no-pager --json'
		valued='--file --line -C'
		positionals='pulls -' ;;
	'review diff')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='pulls' ;;
	'review list')
		options='-h --help -a --all -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'review reject')
		options='-h --help -r --reason --delete-branch -C -q --quiet --no-pager --json'
		valued='-r --reason -C'
		positionals='pulls' ;;
	'review request-changes')
		options='-h --help --file --line --old -C -q --quiet --no-pager --json'
		valued='--file --line -C'
		positionals='pulls -' ;;
	'review resolve')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='pulls -' ;;
	'review show')
		options='-h --help --web -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='pulls' ;;
	'role')
		commands='add list remove show'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'role add')
		options='-h --help --agent --prompt --prompt-file --run --accept --subagent --skill --interactive --no-interactive --update -C -q --quiet --no-pager --json'
		valued='--agent --prompt --prompt-file --run --accept --subagent --skill -C'
		positionals='-' ;;
	'role list')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'role remove')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-+' ;;
	'role show')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'run')
		options='-h --help -n --dry-run -d --detach -i --interactive --agent --run --prompt --title --branch --path --arg --env --secret --permission --subagent --skill --refusals --verify --setup --copy --timeout --silence-timeout --max-turns --budget --daily-budget --output --sandbox --network --sandbox-read --sandbox-write --max-memory-mb --max-processes --max-file-mb --label --reviewer --draft --no-draft --draft-on-failure --no-draft-on-failure --prompt-file --on --id --trigger --begin --hand-over -C -q --quiet --no-pager --json'
		valued='--agent --run --prompt --title --branch --path --arg --env --secret --permission --subagent --skill --refusals --verify --setup --copy --timeout --silence-timeout --max-turns --budget --daily-budget --output --sandbox --network --sandbox-read --sandbox-write --max-memory-mb --max-processes --max-file-mb --label --reviewer --prompt-file --on --id --trigger --hand-over -C'
		positionals='changelings' ;;
	'runs')
		commands='list show'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'runs list')
		options='-h --help --changeling --since --until --failed --outcome --trigger --search -n --limit --offset -C -q --quiet --no-pager --json'
		valued='--changeling --since --until --outcome --trigger --search -n --limit --offset -C'
		positionals='-' ;;
	'runs show')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='runs' ;;
	'schedule')
		commands='forget install status uninstall'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'schedule forget')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='files' ;;
	'schedule install')
		options='-h --help --backend -C -q --quiet --no-pager --json'
		valued='--backend -C' ;;
	'schedule status')
		options='-h --help --backend -C -q --quiet --no-pager --json'
		valued='--backend -C' ;;
	'schedule uninstall')
		options='-h --help --backend -C -q --quiet --no-pager --json'
		valued='--backend -C' ;;
	'send')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='runs -' ;;
	'serve')
		options='-h --help --listen --all --allow-remote --workers --processes --drain --request-limit -C -q --quiet --no-pager --json'
		valued='--listen --workers --processes --drain --request-limit -C'
		positionals='-' ;;
	'show')
		options='-h --help --origin -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings' ;;
	'skill')
		commands='add export list remove show'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'skill add')
		options='-h --help --description --instructions --instructions-file --update -C -q --quiet --no-pager --json'
		valued='--description --instructions --instructions-file -C'
		positionals='files' ;;
	'skill export')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='- -' ;;
	'skill list')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'skill remove')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-+' ;;
	'skill show')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'status')
		options='-h --help --all-repositories -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'stop')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='runs' ;;
	'sync')
		options='-h --help --remote -C -q --quiet --no-pager --json'
		valued='--remote -C' ;;
	'task')
		commands='add approve block claim complete done drop edit export import list move release remove renew show stale unblock'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'task add')
		options='-h --help --description --accept --priority --complexity --label --role --blocked-by --parent --discovered-from --gate --status -C -q --quiet --no-pager --json'
		valued='--description --accept --priority --complexity --label --role --blocked-by --parent --discovered-from --gate --status -C'
		positionals='-' ;;
	'task approve')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'task block')
		options='-h --help --reason --by -C -q --quiet --no-pager --json'
		valued='--reason --by -C'
		positionals='-' ;;
	'task claim')
		options='-h --help --role --label --as --lease --count --offline -C -q --quiet --no-pager --json'
		valued='--role --label --as --lease --count -C'
		positionals='-' ;;
	'task complete')
		options='-h --help --token --as --artifact --timeout -C -q --quiet --no-pager --json'
		valued='--token --as --artifact --timeout -C'
		positionals='-' ;;
	'task done')
		options='-h --help --token --as -C -q --quiet --no-pager --json'
		valued='--token --as -C'
		positionals='-' ;;
	'task drop')
		options='-h --help --token --as --reason -C -q --quiet --no-pager --json'
		valued='--token --as --reason -C'
		positionals='-' ;;
	'task edit')
		options='-h --help --title --description --accept --priority --complexity --label --role --blocked-by --parent --discovered-from --gate --status -C -q --quiet --no-pager --json'
		valued='--title --description --accept --priority --complexity --label --role --blocked-by --parent --discovered-from --gate --status -C'
		positionals='-' ;;
	'task export')
		options='-h --help --status --role --label -C -q --quiet --no-pager --json'
		valued='--status --role --label -C'
		positionals='files' ;;
	'task import')
		options='-h --help --format --status --role --label --dry-run -C -q --quiet --no-pager --json'
		valued='--format --status --role --label -C'
		positionals='files' ;;
	'task list')
		options='-h --help --status --role --label --archived --priority --assignee --search --unblocked -n --limit --offset -C -q --quiet --no-pager --json'
		valued='--status --role --label --priority --assignee --search -n --limit --offset -C' ;;
	'task move')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='- -' ;;
	'task release')
		options='-h --help --token --as --reason -C -q --quiet --no-pager --json'
		valued='--token --as --reason -C'
		positionals='-' ;;
	'task remove')
		options='-h --help -f --force -y --yes -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-+' ;;
	'task renew')
		options='-h --help --token --as --lease -C -q --quiet --no-pager --json'
		valued='--token --as --lease -C'
		positionals='-' ;;
	'task show')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'task stale')
		options='-h --help --since -C -q --quiet --no-pager --json'
		valued='--since -C' ;;
	'task unblock')
		options='-h --help --by -C -q --quiet --no-pager --json'
		valued='--by -C'
		positionals='-' ;;
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
	'tick')
		options='-h --help --now -n --dry-run -C -q --quiet --no-pager --json'
		valued='--now -C' ;;
	'trust')
		options='-h --help --all --list -y --yes --digest -C -q --quiet --no-pager --json'
		valued='--digest -C'
		positionals='changelings+' ;;
	'undeploy')
		options='-h --help --from -f --force -C -q --quiet --no-pager --json'
		valued='--from -C'
		positionals='changelings' ;;
	'undo')
		options='-h --help -y --yes -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'untrust')
		options='-h --help --all -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='changelings+' ;;
	'update')
		options='-h --help --description --template --agent --run --prompt --title --branch --schedule --timezone --on --path --arg --env --secret --permission --subagent --skill --refusals --verify --setup --copy --timeout --silence-timeout --max-turns --budget --daily-budget --max-open-prs --overlap --catch-up --output --sandbox --network --sandbox-read --sandbox-write --max-memory-mb --max-processes --max-file-mb --label --reviewer --draft --no-draft --draft-on-failure --no-draft-on-failure --disabled --no-disabled --prompt-file -C -q --quiet --no-pager --json'
		valued='--description --template --agent --run --prompt --title --branch --schedule --timezone --on --path --arg --env --secret --permission --subagent --skill --refusals --verify --setup --copy --timeout --silence-timeout --max-turns --budget --daily-budget --max-open-prs --overlap --catch-up --output --sandbox --network --sandbox-read --sandbox-write --max-memory-mb --max-processes --max-file-mb --label --reviewer --prompt-file -C'
		positionals='changelings' ;;
	'webhook')
		commands='add deliveries list remove replay secret show test'
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'webhook add')
		options='-h --help --source --for --task --description --role --status --event --when --map --allow-actor --file --secret-file --poll --no-poll --enabled --no-enabled --update -C -q --quiet --no-pager --json'
		valued='--source --for --task --description --role --status --event --when --map --allow-actor --file --secret-file -C'
		positionals='-' ;;
	'webhook deliveries')
		options='-h --help -n --limit -C -q --quiet --no-pager --json'
		valued='-n --limit -C'
		positionals='-' ;;
	'webhook list')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C' ;;
	'webhook remove')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-+' ;;
	'webhook replay')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'webhook secret')
		options='-h --help --rotate --finish --file --show -C -q --quiet --no-pager --json'
		valued='--file -C'
		positionals='-' ;;
	'webhook show')
		options='-h --help -C -q --quiet --no-pager --json'
		valued='-C'
		positionals='-' ;;
	'webhook test')
		options='-h --help --event -C -q --quiet --no-pager --json'
		valued='--event -C'
		positionals='- files' ;;
	'work')
		options='-h --help --role --label --source --as --lease -j --parallel --dry-run --once --poll -C -q --quiet --no-pager --json'
		valued='--role --label --source --as --lease -j --parallel --poll -C' ;;
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
	'add --refusals') choices='note fail' ;;
	'add --copy') kind=files ;;
	'add --overlap') choices='skip queue replace' ;;
	'add --catch-up') choices='none last all' ;;
	'add --output') choices='pull-request issue report' ;;
	'add --sandbox') choices='off auto required' ;;
	'add --sandbox-read') kind=files ;;
	'add --sandbox-write') kind=files ;;
	'add --prompt-file') kind=files ;;
	'add -C') kind=files ;;
	'agent -C') kind=files ;;
	'agent add --instructions-file') kind=files ;;
	'agent add --agent') kind=agents ;;
	'agent add --working-directory') kind=files ;;
	'agent add -C') kind=files ;;
	'agent list -C') kind=files ;;
	'agent remove -C') kind=files ;;
	'agent show -C') kind=files ;;
	'answer -C') kind=files ;;
	'ask -C') kind=files ;;
	'attach -C') kind=files ;;
	'chat -C') kind=files ;;
	'compact -C') kind=files ;;
	'config -C') kind=files ;;
	'config get -C') kind=files ;;
	'config list -C') kind=files ;;
	'config set -C') kind=files ;;
	'config unset -C') kind=files ;;
	'credential -C') kind=files ;;
	'credential check -C') kind=files ;;
	'credential list -C') kind=files ;;
	'credential remove -C') kind=files ;;
	'credential set -C') kind=files ;;
	'deploy --to') choices='github-actions modal' ;;
	'deploy --file') kind=files ;;
	'deploy -C') kind=files ;;
	'disable -C') kind=files ;;
	'dispatch --source') choices='queue beads github' ;;
	'dispatch -C') kind=files ;;
	'edit -C') kind=files ;;
	'enable -C') kind=files ;;
	'events -C') kind=files ;;
	'hook -C') kind=files ;;
	'hook run -C') kind=files ;;
	'hooks -C') kind=files ;;
	'hooks install -C') kind=files ;;
	'hooks status -C') kind=files ;;
	'hooks uninstall -C') kind=files ;;
	'init --remote') kind=remotes ;;
	'init -C') kind=files ;;
	'list -C') kind=files ;;
	'log -C') kind=files ;;
	'logs -C') kind=files ;;
	'notify -C') kind=files ;;
	'notify list -C') kind=files ;;
	'notify test -C') kind=files ;;
	'plan -C') kind=files ;;
	'prime -C') kind=files ;;
	'publish -C') kind=files ;;
	'redo -C') kind=files ;;
	'remove -C') kind=files ;;
	'report -C') kind=files ;;
	'retry -C') kind=files ;;
	'review -C') kind=files ;;
	'review accept -C') kind=files ;;
	'review checkout -C') kind=files ;;
	'review comment --file') kind=files ;;
	'review comment -C') kind=files ;;
	'review diff -C') kind=files ;;
	'review list -C') kind=files ;;
	'review reject -C') kind=files ;;
	'review request-changes --file') kind=files ;;
	'review request-changes -C') kind=files ;;
	'review resolve -C') kind=files ;;
	'review show -C') kind=files ;;
	'role -C') kind=files ;;
	'role add --agent') kind=agents ;;
	'role add --prompt-file') kind=files ;;
	'role add -C') kind=files ;;
	'role list -C') kind=files ;;
	'role remove -C') kind=files ;;
	'role show -C') kind=files ;;
	'run --agent') kind=agents ;;
	'run --branch') kind=branches ;;
	'run --refusals') choices='note fail' ;;
	'run --copy') kind=files ;;
	'run --output') choices='pull-request issue report' ;;
	'run --sandbox') choices='off auto required' ;;
	'run --sandbox-read') kind=files ;;
	'run --sandbox-write') kind=files ;;
	'run --prompt-file') kind=files ;;
	'run --on') choices='local github-actions modal' ;;
	'run --trigger') choices='manual schedule' ;;
	'run --hand-over') kind=files ;;
	'run -C') kind=files ;;
	'runs -C') kind=files ;;
	'runs list --outcome') choices='opened-pr updated-pr reported no-changes denied verification-failed failed timed-out stalled over-budget killed lost-lease lost' ;;
	'runs list --trigger') choices='manual schedule task retry post-applypatch post-checkout post-commit post-merge post-receive post-rewrite post-update pre-push' ;;
	'runs list -C') kind=files ;;
	'runs show -C') kind=files ;;
	'schedule -C') kind=files ;;
	'schedule forget -C') kind=files ;;
	'schedule install -C') kind=files ;;
	'schedule status -C') kind=files ;;
	'schedule uninstall -C') kind=files ;;
	'send -C') kind=files ;;
	'serve -C') kind=files ;;
	'show -C') kind=files ;;
	'skill -C') kind=files ;;
	'skill add --instructions-file') kind=files ;;
	'skill add -C') kind=files ;;
	'skill export -C') kind=files ;;
	'skill list -C') kind=files ;;
	'skill remove -C') kind=files ;;
	'skill show -C') kind=files ;;
	'status -C') kind=files ;;
	'stop -C') kind=files ;;
	'sync --remote') kind=remotes ;;
	'sync -C') kind=files ;;
	'task -C') kind=files ;;
	'task add --priority') choices='low medium high urgent' ;;
	'task add --complexity') choices='xs s m l xl' ;;
	'task add --status') choices='inbox planning ready review done' ;;
	'task add -C') kind=files ;;
	'task approve -C') kind=files ;;
	'task block -C') kind=files ;;
	'task claim -C') kind=files ;;
	'task complete -C') kind=files ;;
	'task done -C') kind=files ;;
	'task drop -C') kind=files ;;
	'task edit --priority') choices='low medium high urgent' ;;
	'task edit --complexity') choices='xs s m l xl' ;;
	'task edit --status') choices='inbox planning ready review done' ;;
	'task edit -C') kind=files ;;
	'task export --status') choices='inbox planning ready in_flight review done blocked' ;;
	'task export -C') kind=files ;;
	'task import --format') choices='jsonl github markdown' ;;
	'task import --status') choices='inbox planning ready review done' ;;
	'task import -C') kind=files ;;
	'task list --status') choices='inbox planning ready in_flight review done blocked' ;;
	'task list --priority') choices='low medium high urgent' ;;
	'task list -C') kind=files ;;
	'task move -C') kind=files ;;
	'task release -C') kind=files ;;
	'task remove -C') kind=files ;;
	'task renew -C') kind=files ;;
	'task show -C') kind=files ;;
	'task stale -C') kind=files ;;
	'task unblock -C') kind=files ;;
	'templates -C') kind=files ;;
	'templates export -o' | 'templates export --output') kind=files ;;
	'templates export -C') kind=files ;;
	'templates list -C') kind=files ;;
	'templates show -C') kind=files ;;
	'tick -C') kind=files ;;
	'trust -C') kind=files ;;
	'undeploy --from') choices='github-actions modal' ;;
	'undeploy -C') kind=files ;;
	'undo -C') kind=files ;;
	'untrust -C') kind=files ;;
	'update --template') kind=templates ;;
	'update --agent') kind=agents ;;
	'update --branch') kind=branches ;;
	'update --refusals') choices='note fail' ;;
	'update --copy') kind=files ;;
	'update --overlap') choices='skip queue replace' ;;
	'update --catch-up') choices='none last all' ;;
	'update --output') choices='pull-request issue report' ;;
	'update --sandbox') choices='off auto required' ;;
	'update --sandbox-read') kind=files ;;
	'update --sandbox-write') kind=files ;;
	'update --prompt-file') kind=files ;;
	'update -C') kind=files ;;
	'webhook -C') kind=files ;;
	'webhook add --for') kind=changelings ;;
	'webhook add --task') kind=templates ;;
	'webhook add --description') kind=templates ;;
	'webhook add --file') kind=files ;;
	'webhook add --secret-file') kind=files ;;
	'webhook add -C') kind=files ;;
	'webhook deliveries -n' | 'webhook deliveries --limit') kind=pulls ;;
	'webhook deliveries -C') kind=files ;;
	'webhook list -C') kind=files ;;
	'webhook remove -C') kind=files ;;
	'webhook replay -C') kind=files ;;
	'webhook secret --file') kind=files ;;
	'webhook secret -C') kind=files ;;
	'webhook show -C') kind=files ;;
	'webhook test -C') kind=files ;;
	'work --source') choices='queue beads github' ;;
	'work -C') kind=files ;;
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
