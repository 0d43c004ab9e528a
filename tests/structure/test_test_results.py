"""The counting of scripts/test: nothing that went wrong may be counted as passed."""

import test_results

DOCTEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="test_git" errors="0" failures="{failures}" tests="3">
<testcase classname="tree_test.cpp" name="edits" time="0" status="run"/>
<testcase classname="tree_test.cpp" name="edits" time="0" status="run"/>
<testcase classname="tree_test.cpp" name="reads" time="0" status="run">{body}</testcase>
</testsuite></testsuites>"""

PYTEST = """<?xml version="1.0"?><testsuites><testsuite name="pytest">
<testcase classname="tests.a" name="good"/>
<testcase classname="tests.a" name="bad"><failure message="assert 1 == 2">assert 1 == 2</failure></testcase>
<testcase classname="tests.a" name="bad"><error message="failed on teardown">left over</error></testcase>
<testcase classname="tests.a" name="later"><skipped message="needs zsh">a.py:1: needs zsh</skipped></testcase>
</testsuite></testsuites>"""


def suite(tree, xml, code, log=""):
    files = {"x.exit": f"{code}\n", "x.log": log}
    if xml is not None:
        files["x.xml"] = xml
    return test_results.Suite(tree(files), "x")


def test_doctest_counts_each_path_through_the_subcases(tree):
    assert suite(tree, DOCTEST.format(failures=0, body=""), 0).counts() == "3 passed, 0 failed"


def test_doctest_failures_are_named(tree):
    result = suite(tree, DOCTEST.format(failures=1, body='<failure message="1 == 2" type="CHECK">at 3</failure>'), 1)
    assert result.counts() == "2 passed, 1 failed"
    assert result.failed[0][0] == "tree_test.cpp::reads"
    assert "1 == 2" in result.failed[0][1]


def test_pytest_counts_a_failed_test_once(tree):
    result = suite(tree, PYTEST, 1)
    assert result.counts() == "1 passed, 1 failed, 1 skipped"
    assert result.skipped == [("tests.a::later", "a.py:1: needs zsh")]


def test_a_crash_without_results_is_a_failure(tree):
    result = suite(tree, None, 139, log="Segmentation fault\n")
    assert result.counts() == "0 passed, 1 failed"
    assert "Segmentation fault" in result.failed[0][1]


def test_a_truncated_result_file_is_a_failure(tree):
    assert suite(tree, DOCTEST[:150], 134).counts() == "0 passed, 1 failed"


def test_a_bad_exit_code_without_a_failed_test_is_a_failure(tree):
    """For example a leak that the sanitizer reports after the last test."""
    assert suite(tree, DOCTEST.format(failures=0, body=""), 23).counts() == "3 passed, 1 failed"


def test_the_last_line_sums_everything(tree, capsys):
    suites = [suite(tree, DOCTEST.format(failures=0, body=""), 0), suite(tree, PYTEST, 1)]
    assert test_results.print_total(suites) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "4 passed, 1 failed, 1 skipped"


def test_nothing_ran_is_a_failure(capsys):
    assert test_results.print_total([]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"
