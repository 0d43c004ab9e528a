# Read by the hooks that lefthook generates; written by "git changeling hooks install".
case ${0##*/} in
pre-push)
  : with_input
;;
*)
  : without_input
;;
esac
