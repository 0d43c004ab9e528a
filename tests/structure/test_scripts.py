"""The two commands of the README on machines that are not as they wish: what they say, and what their last line is."""

import os
import shutil
import subprocess

import pytest

# What the scripts call before anything is installed.
NEEDED = ["bash", "basename", "dirname", "sed", "grep", "sort", "mkdir", "rm", "cat", "sha256sum", "cp", "tail", "nproc",
          "find", "head", "mktemp", "cmp", "env"]


@pytest.fixture
def place(tmp_path, source_root):
    """A copy of the scripts on a machine without a package; programs(name=text) puts stubs on its PATH."""
    for name in ("scripts", "web", "tests/npm"):
        shutil.copytree(source_root / name, tmp_path / "source" / name, ignore=shutil.ignore_patterns("node_modules"))
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in NEEDED:
        (tools / name).symlink_to(shutil.which(name))
    return tmp_path


def stub(place, name, text):
    file = place / "bin" / name
    file.write_text("#!/bin/bash\n" + text)
    file.chmod(0o755)


def start(place, script):
    environment = {"PATH": str(place / "bin"), "HOME": str(place), "LC_ALL": "C"}
    return subprocess.run([str(place / "bin" / "bash"), str(place / "source" / "scripts" / script)], env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def without_packages(place):
    stub(place, "dpkg-query", "")
    return place


@pytest.mark.parametrize("script", ["test", "demo"])
def test_a_user_without_sudo_is_told_what_an_administrator_types(without_packages, script):
    stub(without_packages, "id", "echo 1000")
    done = start(without_packages, script)
    assert done.returncode == 1
    assert "installing packages needs root, and sudo is not there" in done.stderr
    assert "apt-get install --no-install-recommends" in done.stderr and "libgit2-dev" in done.stderr
    if script == "test":
        assert done.stdout.splitlines()[-1] == "0 passed, 1 failed"


@pytest.mark.parametrize("user", ["root", "with sudo"])
def test_packages_are_installed_as_root_and_through_sudo(without_packages, user):
    stub(without_packages, "id", "echo 0" if user == "root" else "echo 1000")
    if user != "root":
        stub(without_packages, "sudo", 'echo "sudo $*" >>"$HOME/asked"; "$@"')
    stub(without_packages, "apt-get", 'echo "apt-get $*" >>"$HOME/asked"; [ "$3" != install ] || exit 100')
    done = start(without_packages, "test")
    assert done.returncode == 1 and "apt-get could not install the packages" in done.stderr
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed"
    asked = (without_packages / "asked").read_text()
    assert "apt-get -q -y update" in asked and "libgit2-dev" in asked
    assert asked.startswith("sudo ") == (user != "root")


def test_a_network_that_fails_twice_is_tried_again(place):
    script = place / "source" / "scripts" / "once"
    script.write_text('root=$(dirname "$0")/..\nroot=$(cd "$root" && pwd)\n. "$root/scripts/lib/common.sh"\n'
                      "install_npm_packages web build/web\n")
    stub(place, "npm", 'echo tried >>"$HOME/tries"; [ "$(grep -c tried "$HOME/tries")" -ge 3 ]')
    assert start(place, "once").returncode == 0
    os.remove(place / "tries")
    shutil.rmtree(place / "source" / "build")
    stub(place, "npm", 'echo "reset by peer"; echo tried >>"$HOME/tries"; exit 1')
    failed = start(place, "once")
    assert failed.returncode == 1 and "npm could not install the packages of web" in failed.stderr
    assert "reset by peer" in failed.stderr


def test_an_old_cmake_is_named(place):
    script = place / "source" / "scripts" / "once"
    script.write_text('set -euo pipefail\nroot=$(cd "$(dirname "$0")/.." && pwd)\n. "$root/scripts/lib/common.sh"\n'
                      "configure ci\n")
    stub(place, "cmake", "echo cmake version 3.18.4")
    refused = start(place, "once")
    assert refused.returncode == 1 and "CMake is 3.18.4, and 3.25 is the least" in refused.stderr
