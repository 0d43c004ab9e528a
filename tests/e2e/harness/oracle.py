"""An agent of chats whose answers a test writes: a program that reads the prompt and prints one JSON object."""

import json

import pytest

from harness import walls


class Oracle:
    """The agent type "oracle", approved, which answers in chats of the repository."""

    def __init__(self, sandbox, repository):
        if walls.policy() == "off":
            pytest.skip("an agent that nothing holds does not answer in chats")
        self.sandbox, self.marks = sandbox, sandbox.marks
        self.script = sandbox.write("agents/oracle", "#!/bin/sh\n", executable=True)
        repository.commit({".changelings.toml":
                           f'[agents.oracle]\ncommand = ["{self.script}"]\nsandbox_write = ["{self.marks}"]\n'},
                          "an agent for chats")
        repository.changeling("trust", "agent:oracle", "--yes").ok()
        repository.git("config", "changeling.chatAgent", "oracle")

    def does(self, script):
        """From now on it runs these lines of shell; `$MARKS` is the folder of marks."""
        self.script.write_text(f"#!/bin/sh\nMARKS='{self.marks}'\ncat > \"$MARKS/prompt\"\n{script}\n")

    def prints(self, text):
        self.sandbox.write(self.marks / "answer", text)
        self.does('cat "$MARKS/answer"')

    def says(self, text, proposal=None):
        self.prints(json.dumps({"text": text} | ({} if proposal is None else {"proposal": proposal})))

    def prompt(self):
        """What it was asked last."""
        return (self.marks / "prompt").read_text()
