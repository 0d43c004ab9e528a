  if [ -e "$changeling_git/changelings/hooks/{event}" ] && ! command -v git-changeling >/dev/null 2>&1; then
    { printf '%s\n' "${PATH-}" >|"$changeling_git/changelings/hooks/{event}.missed"; } 2>/dev/null || :
  elif [ -e "$changeling_git/changelings/hooks/{event}" ]; then
    changeling_input=$(cat)
    (git-changeling hook run "{event}" -- "$@" >/dev/null 2>&1 <<CHANGELING_INPUT &)
$changeling_input
CHANGELING_INPUT
    if [ -n "$changeling_input" ]; then
      exec <<CHANGELING_INPUT
$changeling_input
CHANGELING_INPUT
    else
      exec </dev/null
    fi
  fi
