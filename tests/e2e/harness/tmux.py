"""A shell in a terminal of tmux, as a person has it: keys are typed, the screen is read."""

import shlex


class Terminal:
    """Belongs to a sandbox; `repository` is where the shell starts. close() ends it with all that runs in it."""

    def __init__(self, repository):
        self._sandbox = repository.sandbox
        self._socket = self._sandbox.root / "tmux.sock"
        shell = "exec /bin/bash --norc --noprofile"
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", "-c", repository.path, shell,
                   env={"PS1": "$ ", "TERM": "screen", "TMUX": None})
        self._tmux("set-option", "-g", "history-limit", "5000")
        self._marks = 0

    def _tmux(self, *words, env=None):
        return self._sandbox.run("tmux", "-S", self._socket, *words, env=env).ok()

    def close(self):
        self._sandbox.run("tmux", "-S", self._socket, "kill-server")

    def keys(self, *names):
        """Presses keys by their tmux names, such as C-c."""
        self._tmux("send-keys", *names)

    def type(self, line):
        self._tmux("send-keys", "-l", line)
        self._tmux("send-keys", "Enter")

    def screen(self):
        """What is on the screen and above it."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-").out

    def wait_for(self, text):
        self._sandbox.wait_until(lambda: text in self.screen(), lambda: f"{text!r} on the screen:\n{self.screen()}")

    def run(self, line):
        """Types a command, waits until the shell is back, and returns the exit code."""
        self.start(line)
        return self.finish()

    def start(self, line):
        """Types a command; finish() waits for its end."""
        self._marks += 1
        self.type(f"{line}; echo $? > {shlex.quote(str(self._mark()))}")

    def finish(self):
        mark = self._mark()
        self._sandbox.wait_until(lambda: mark.exists() and mark.read_text().endswith("\n"),
                                 lambda: f"the command in the terminal ends:\n{self.screen()}")
        return int(mark.read_text())

    def _mark(self):
        return self._sandbox.root / f"tmux-{self._marks}.code"

    def settings(self):
        """What stty says about the terminal."""
        file = self._sandbox.root / "stty"
        assert self.run(f"stty -a > {shlex.quote(str(file))}") == 0
        return file.read_text()
