"""Counts what test suites really ran, from the JUnit files and exit codes that scripts/test collects.

    test_results.py suite FOLDER NAME   prints one suite: its counts, each failure, each reason for skipping
    test_results.py total FOLDER        prints what failed and, as the last line, "N passed, N failed"

A suite is NAME.xml (JUnit, by doctest or pytest), NAME.exit (its exit code) and NAME.log (what it printed).
A suite without a readable NAME.xml, or one that ended badly without naming a failed test, has crashed; a
crash counts as one failed test.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree

PYTEST_NOTHING_SELECTED = 5


class Suite:
    """One suite's result: how many passed, and the names with reasons of those that failed or were skipped."""

    def __init__(self, folder, name):
        self.name = name
        self.passed = 0
        self.failed = []
        self.skipped = []
        self.log = _read(folder / f"{name}.log")
        code = int(_read(folder / f"{name}.exit").strip() or -1)
        try:
            self._count(ElementTree.parse(folder / f"{name}.xml").getroot())
        except (OSError, ElementTree.ParseError) as problem:
            self.failed.append((f"{name}: crashed", f"exit code {code}, no result file ({problem})\n{self._tail()}"))
            return
        nothing_selected = code == PYTEST_NOTHING_SELECTED and not self.passed
        if code != 0 and not self.failed and not nothing_selected:
            self.failed.append((f"{name}: crashed", f"exit code {code} although no test failed\n{self._tail()}"))

    def _count(self, root):
        # pytest writes a second entry when the clean-up of a failed test fails as well: one test. doctest
        # writes an entry for each path through the subcases, all with the same name: so many tests.
        by_pytest = root.find("testsuite[@name='pytest']") is not None
        outcomes = {}
        for number, case in enumerate(root.iter("testcase")):
            name = "::".join(part for part in (case.get("classname"), case.get("name")) if part)
            entry = outcomes.setdefault(name if by_pytest else number, [name, [], []])
            entry[1] += [_text(element) for element in case if element.tag in ("failure", "error")]
            entry[2] += [_text(element) for element in case if element.tag == "skipped"]
        for name, problems, skips in outcomes.values():
            if problems:
                self.failed.append((name, "\n".join(problems)))
            elif skips:
                self.skipped.append((name, "\n".join(skips)))
            else:
                self.passed += 1

    def _tail(self):
        return "\n".join(self.log.splitlines()[-40:])

    def counts(self):
        return _counts(self.passed, len(self.failed), len(self.skipped))


def _read(path):
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def _text(element):
    """The longer of message and body; doctest puts all into the body, pytest repeats the message in it."""
    body = (element.text or "").strip()
    message = element.get("message") or ""
    return body if message.splitlines()[:1] and message.splitlines()[0] in body else f"{message}\n{body}".strip()


def _counts(passed, failed, skipped):
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


def print_suite(suite):
    lines = [f"   {suite.name}: {suite.counts()}"]
    for name, reason in suite.skipped:
        lines.append(f"   skipped {name}: {reason.splitlines()[0] if reason else 'no reason given'}")
    for name, reason in suite.failed:
        lines += ["", f"FAILED {name}", *("   " + line for line in reason.splitlines()), ""]
    # One write, so that suites that end at the same time do not mix their lines.
    sys.stdout.write("\n".join(lines) + "\n")


def print_total(suites):
    failed = [name for suite in suites for name, _ in suite.failed]
    for name in failed:
        print(f"   failed: {name}")
    passed = sum(suite.passed for suite in suites)
    skipped = sum(len(suite.skipped) for suite in suites)
    if passed + len(failed) == 0:
        print("   no test ran at all, which is a failure")
        failed.append("nothing ran")
    print(_counts(passed, len(failed), skipped))
    return 1 if failed else 0


def main(arguments):
    folder = pathlib.Path(arguments[1])
    if arguments[0] == "suite":
        print_suite(Suite(folder, arguments[2]))
        return 0
    names = sorted(path.name.removesuffix(".exit") for path in folder.glob("*.exit"))
    return print_total([Suite(folder, name) for name in names])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
