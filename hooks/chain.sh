if [ -x "${0%/*}/{original}" ]; then
  exec "${0%/*}/{original}" "$@"
fi
