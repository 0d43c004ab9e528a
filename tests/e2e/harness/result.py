"""What came of running a program."""

import json


class Result:
    """Exit code and output of a program that has ended. A negative code is the signal that killed it."""

    def __init__(self, arguments, code, out, err):
        self.arguments = [str(argument) for argument in arguments]
        self.code = code
        self.out = out
        self.err = err

    @property
    def json(self):
        """Standard output, which must be exactly one JSON document."""
        try:
            return json.loads(self.out)
        except json.JSONDecodeError as problem:
            raise AssertionError(f"standard output is not JSON ({problem})\n{self}") from problem

    @property
    def error(self):
        """The record {"kind","message","hint"} that a failing command prints on stderr with --json."""
        # Progress may stand before it, nothing may follow.
        start = 0 if self.err.startswith("{") else self.err.find("\n{") + 1
        try:
            return json.loads(self.err[start:])["error"]
        except (json.JSONDecodeError, KeyError, TypeError) as problem:
            raise AssertionError(f"standard error does not end with a JSON error record\n{self}") from problem

    def ok(self):
        """Asserts exit code 0 and returns the result, so that calls can be chained."""
        return self.expect(0)

    def expect(self, code):
        """Asserts this exit code and returns the result."""
        assert self.code == code, f"expected exit code {code}\n{self}"
        return self

    def __str__(self):
        return (f"$ {' '.join(self.arguments)}\nexit code: {self.code}\n"
                f"--- stdout\n{self.out}\n--- stderr\n{self.err}")

    __repr__ = __str__
