"""`serve install`, `status` and `uninstall`, and what systemd and the service say to each other."""

import json
import os
import signal
import socket
import subprocess

import pytest
from harness.service import PATIENCE_SECONDS

# Of 100, as systemd-analyze counts: 77 today.
MOST_EXPOSED = 78


@pytest.fixture
def units(sandbox):
    return sandbox.home / ".config/systemd/user"


@pytest.fixture
def systemctl(sandbox):
    """A systemd that does what it is told, and the words that it was told."""
    log = sandbox.root / "systemctl.log"
    sandbox.fake_program("systemctl", f'echo "$@" >> {log}\nexit 0\n')
    return lambda: log.read_text().splitlines() if log.exists() else []


def test_the_units_are_what_systemd_understands(sandbox, repository, units):
    folder = sandbox.root / "a 100% $folder"
    folder.mkdir()
    socket_path = folder / "serve.sock"
    answer = repository.changeling("--json", "serve", "install", "--listen", f"unix:{socket_path}", "--all",
                                   "--workers", "2").ok().json
    assert answer["installed"] and answer["current"] and not answer["active"]
    assert "systemctl --user enable --now git-changeling-serve.socket" in answer["problem"]
    verified = sandbox.run("systemd-analyze", "--user", "verify", units / "git-changeling-serve.service",
                           units / "git-changeling-serve.socket",
                           env={"XDG_RUNTIME_DIR": sandbox.root, "SYSTEMD_UNIT_PATH": f"{units}:"})
    assert (verified.code, verified.err) == (0, ""), verified
    assert f"ListenStream={str(socket_path).replace('%', '%%')}\n" in (units / "git-changeling-serve.socket").read_text()


def test_the_service_is_hardened(sandbox, repository, units):
    repository.changeling("serve", "install").ok()
    text = (units / "git-changeling-serve.service").read_text()
    # What could be hardened more would take from agents what they need: they run below the service.
    rated = sandbox.run("systemd-analyze", "--user", "security", "--offline=true", f"--threshold={MOST_EXPOSED}",
                        "--no-pager", units / "git-changeling-serve.service", env={"XDG_RUNTIME_DIR": sandbox.root}).ok()
    assert "NoNewPrivileges=" in rated.out
    for line in ("NoNewPrivileges=yes", "LockPersonality=yes", "RestrictRealtime=yes", "RestrictSUIDSGID=yes",
                 "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK", "SystemCallArchitectures=native",
                 "SystemCallFilter=~@clock @cpu-emulation @module @obsolete @raw-io @reboot @swap", "UMask=0077",
                 "KillMode=process", "WatchdogSec=60", "Type=notify"):
        assert line in text.splitlines()


def test_systemd_is_told_and_asked(repository, units, systemctl):
    assert "not installed" in repository.changeling("serve", "status").ok().out
    installed = repository.changeling("serve", "install", "--listen", "127.0.0.1:8499").ok()
    assert "It listens at http://127.0.0.1:8499" in installed.out
    both = "git-changeling-serve.socket git-changeling-serve.service"
    assert [line for line in systemctl() if "show" not in line and "is-active" not in line] == [
        "--user daemon-reload", f"--user enable {both}", f"--user restart {both}"]
    status = repository.changeling("--json", "serve", "status", "--listen", "127.0.0.1:8499").ok().json
    assert (status["installed"], status["current"], status["active"], status["problem"]) == (True, True, True, None)
    other = repository.changeling("--json", "serve", "status", "--listen", "127.0.0.1:8500").ok().json
    assert not other["current"] and "serve install" in other["problem"]

    repository.changeling("serve", "uninstall").ok()
    assert list(units.iterdir()) == []
    assert f"--user disable --now {both}" in systemctl()
    assert "not installed" in repository.changeling("serve", "uninstall").ok().out


def test_a_place_that_others_reach_is_not_installed_unasked(repository, units):
    repository.changeling("serve", "install", "--listen", "0.0.0.0:8499").expect(128)
    assert not units.exists()


def test_a_socket_of_systemd_is_taken_over_and_systemd_is_told(sandbox, repository):
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(sandbox.root / "notify"))
    manager.settimeout(PATIENCE_SECONDS)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    serve = sandbox.program.parent / "git-changeling-serve"
    environment = {**sandbox.environment, "NOTIFY_SOCKET": str(sandbox.root / "notify"), "LISTEN_FDS": "1",
                   "WATCHDOG_USEC": "200000"}
    process = subprocess.Popen(
        ["bash", "-c", f'exec 3<&{listening.fileno()}; LISTEN_PID=$$ exec "$0" "$@"', serve, "--json", "--drain", "5s"],
        cwd=repository.path, env=environment, pass_fds=[listening.fileno()], stdout=subprocess.PIPE, text=True)
    try:
        told = json.loads(process.stdout.readline())
        assert told["url"] == f"http://127.0.0.1:{port}"
        assert manager.recv(100) == b"READY=1"
        assert [manager.recv(100) for _ in range(3)] == [b"WATCHDOG=1"] * 3
        process.send_signal(signal.SIGHUP)
        seen = [manager.recv(100)]
        while seen.count(b"READY=1") == 0:
            seen.append(manager.recv(100))
        assert b"RELOADING=1" in seen
        process.send_signal(signal.SIGTERM)
        while seen[-1] != b"STOPPING=1":
            seen.append(manager.recv(100))
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        listening.close()
        manager.close()
        os.unlink(sandbox.root / "notify")
