"""Claude Code's stand-in with a login."""

import pathlib
import shutil

FAKE = pathlib.Path(__file__).resolve().parents[2] / "fakes" / "claude"
TOKEN = "sk-ant-oat01-not-a-real-token"


def stand_in_for_claude(sandbox):
    """Claude Code's stand-in, which answers only who has the token."""
    stand_in = sandbox.bin / "claude-stand-in"
    shutil.copy(FAKE, stand_in)
    return sandbox.fake_program("claude", f"""
case "$*" in
"auth status")
    if [ "$CLAUDE_CODE_OAUTH_TOKEN" = {TOKEN} ]; then echo '{{"loggedIn": true, "authMethod": "oauth_token"}}'; exit 0; fi
    echo '{{"loggedIn": false, "authMethod": "none"}}'; exit 1 ;;
esac
if [ "$CLAUDE_CODE_OAUTH_TOKEN" = {TOKEN} ]; then
    case "$*" in *--output-format\\ json*)
        echo '{{"type": "result", "is_error": false, "result": "ready"}}'; exit 0 ;;
    esac
    exec '{stand_in}' "$@"
fi
echo '{{"type": "result", "is_error": true, "result": "Not logged in"}}'
exit 1
""")
