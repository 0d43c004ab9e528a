if [ -z "${CHANGELING_RUN-}" ] && [ "${CHANGELING_HOOKS-}" != off ]; then
  changeling_git=${GIT_DIR:-.git}
  if [ -f "$changeling_git" ]; then
    read -r changeling_word changeling_git <"$changeling_git" || :
  fi
  if [ -f "$changeling_git/commondir" ]; then
    read -r changeling_word <"$changeling_git/commondir" || :
    case $changeling_word in
      /*) changeling_git=$changeling_word ;;
      *) changeling_git=$changeling_git/$changeling_word ;;
    esac
  fi
  : start
fi
