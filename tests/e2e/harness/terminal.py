"""Runs a program on a pseudo terminal of a given width."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PATIENCE_SECONDS = 60


def run(arguments, *, cwd, env, columns, typed=""):
    """Everything that the program wrote to its terminal, both outputs together, with what was typed ahead."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    program = subprocess.Popen([str(argument) for argument in arguments], cwd=cwd, env=env, stdin=theirs,
                               stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    os.write(ours, typed.encode())
    received = b""
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while time.monotonic() < deadline:
            if not select.select([ours], [], [], 0.2)[0]:
                if program.poll() is not None:
                    break
                continue
            try:
                received += os.read(ours, 65536)
            except OSError:  # The last writer has closed the terminal.
                break
        program.wait(timeout=max(0.1, deadline - time.monotonic()))
    finally:
        program.kill()
        os.close(ours)
    return received.decode(errors="replace").replace("\r\n", "\n")


def visible_lines(text):
    """Lines as a person sees them in the end: what a carriage return overwrites is gone."""
    return [line.rsplit("\r", 1)[-1] for line in CONTROL.sub("", text).split("\n") if line]
