  if [ -e "$changeling_git/changelings/hooks/{event}" ]; then
    if command -v git-changeling >/dev/null 2>&1; then
      (git-changeling hook run "{event}" -- "$@" </dev/null >/dev/null 2>&1 &)
    else
      { printf '%s\n' "${PATH-}" >|"$changeling_git/changelings/hooks/{event}.missed"; } 2>/dev/null || :
    fi
  fi
