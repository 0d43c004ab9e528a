"""What must hold for every file that is committed."""

import pathlib
import re
import subprocess

import pytest

CXX_SUFFIXES = (".cpp", ".hpp")
# Written in two parts, or this file would find itself.
REGISTRY_HOSTS = re.compile("|".join(re.escape(head + tail) for head, tail in [
    ("registry.", "npmjs"), ("registry.", "yarnpkg"), ("npm.", "pkg.github"), ("deb.", "debian.org"),
    ("snapshot.", "debian.org"), ('"reso', 'lved":'), ("/work/", ".library"), ("/work/", "shared"),
    ("/work/", "h/"), ("/work/", "main"),
]))


def committed_files(root):
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            check=True, capture_output=True, text=True).stdout
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def mentions(files, pattern):
    found = []
    for path in files:
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path}:{number}: {line.strip()[:120]}")
    return found


def test_no_file_names_a_registry_or_a_path_of_one_machine(source_root):
    assert mentions(committed_files(source_root), REGISTRY_HOSTS) == []


def test_a_registry_in_a_lock_file_is_found(tree):
    root = tree({"package-lock.json": '{"reso' 'lved": "somewhere"}\n'})
    assert len(mentions([root / "package-lock.json"], REGISTRY_HOSTS)) == 1


def formatting_problems(files):
    if not files:
        return []
    checked = subprocess.run(["clang-format", "--dry-run", "-Werror", *files], capture_output=True, text=True,
                             check=False)
    return [line for line in checked.stderr.splitlines() if "error:" in line]


def test_every_source_file_is_formatted(source_root):
    files = [path for path in committed_files(source_root) if path.suffix in CXX_SUFFIXES]
    assert len(files) > 20
    assert formatting_problems(files) == [], "run: clang-format -i on these files"


def test_a_badly_formatted_file_is_found(tree, source_root):
    root = tree({".clang-format": (source_root / ".clang-format").read_text(), "a.cpp": "int  main( ){return 0 ;}\n"})
    assert formatting_problems([root / "a.cpp"])


def test_no_unit_test_is_switched_off(source_root):
    """doctest leaves skipped cases out of its results, so nobody would see them."""
    switched_off = re.compile(r"doctest::(skip|may_fail|should_fail)\(")
    tests = [path for path in (source_root / "tests" / "unit").rglob("*.cpp")]
    assert tests
    assert mentions(tests, switched_off) == []


def test_every_package_list_line_is_understood(source_root):
    for line in (source_root / "scripts" / "packages.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            assert re.fullmatch(r"(build|test|demo)\s+[a-z0-9.+-]+(\s+[a-z0-9.+-]+)?", line), line


@pytest.mark.parametrize("script", ["scripts/test", "scripts/demo", ".ci/run", "scripts/lib/common.sh"])
def test_a_shell_script_parses(source_root, script):
    checked = subprocess.run(["bash", "-n", source_root / script], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("script", ["scripts/test", "scripts/demo", ".ci/run", "scripts/generate-docs"])
def test_a_script_is_executable(source_root, script):
    assert pathlib.Path(source_root / script).stat().st_mode & 0o100
