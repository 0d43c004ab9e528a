"""What the walls around a run's commands keep, with real bubblewrap, and what is said where there are none."""

import http.server
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

import pytest

from harness import walls

needs_bubblewrap = pytest.mark.skipif(not walls.bubblewrap_works(),
                                      reason="NOT SHOWN HERE: bubblewrap does not work on this machine")

FIX = "sed -i s/teh/the/ README.md"


@pytest.fixture
def held(repository, sandbox):
    """Runs a script as an agent behind walls; returns the run's record and what the agent printed."""
    sandbox.environment["CHANGELING_SANDBOX"] = "auto"

    def run(script, *options):
        repository.add_command("agent", f"set +e\n{script}", "--update", *options)
        done = repository.changeling("run", "agent", "--json")
        record = done.json
        record["log"] = repository.changeling("logs", record["id"]).ok().out
        record["said"] = done.err
        return record
    return run


@needs_bubblewrap
def test_a_run_without_a_word_about_it_is_held_and_says_so(held, repository):
    record = held(FIX, "--verify", "grep -q 'the typo' README.md", "--setup", "test -f README.md")
    assert record["outcome"] == "opened-pr", record["log"]
    assert record["walls"] == {"sandbox": "bubblewrap", "network": "full", "refused": []}
    assert "sandbox: bubblewrap, network: full" in repository.changeling("runs", "show", record["id"]).ok().out
    assert "sandbox: bubblewrap, network: full" in repository.changeling("review", "show", "1").ok().out
    assert "NO SANDBOX" not in record["said"]


@needs_bubblewrap
def test_an_agent_commits_with_git_as_before(held, repository):
    record = held(f"{FIX} && git commit -qam mine && git log --oneline && git status --short")
    assert record["outcome"] == "opened-pr", record["log"]
    assert repository.git("log", "-1", "--format=%s", record["head"]).strip() == "mine"


@needs_bubblewrap
@pytest.mark.parametrize("place", ["home", "root", "system", "work tree", "worktree of another", "temporary"])
def test_what_is_outside_is_not_written(held, repository, sandbox, place):
    folder = {"home": sandbox.home, "root": sandbox.root, "system": pathlib.Path("/usr"), "work tree": repository.path,
              "worktree of another": sandbox.home / ".local/state/git-changeling/worktrees",
              "temporary": pathlib.Path("/tmp")}[place]
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"marker-{os.getpid()}"
    held(f"mkdir -p {folder}; echo x > {target}; {FIX}")
    assert not target.exists()


@needs_bubblewrap
def test_references_settings_and_hooks_of_the_user_are_out_of_reach(held, repository):
    before = (repository.head("main"), repository.git("config", "--list"))
    users = f"git -C '{repository.path}'"
    record = held(f"{users} branch -f main HEAD~0; {users} branch stray; {users} config user.name Agent; "
                  f"echo x > '{repository.path}/.git/hooks/pre-push'; {FIX}")
    assert record["outcome"] == "opened-pr", record["log"]
    assert record["moved_refs"] == []
    assert (repository.head("main"), repository.git("config", "--list")) == before
    assert repository.branches("refs/heads/stray") == []
    assert not (repository.path / ".git/hooks/pre-push").exists()


@needs_bubblewrap
def test_what_is_outside_is_not_read(held, repository, sandbox):
    sandbox.write("home/.ssh/id_ed25519", "sesame")
    sandbox.write("home/.git-credentials", "sesame")
    sandbox.write("home/.config/gh/hosts.yml", "sesame")
    sandbox.write("other/notes", "sesame")
    repository.write(".env", "sesame")
    earlier = repository.common_directory() / "changelings/runs/zzzz2222/log"
    sandbox.write(earlier, "sesame")
    root = sandbox.root
    record = held(f"cat ~/.ssh/* ~/.git-credentials ~/.config/gh/hosts.yml '{root}'/ot*r/notes; "
                  f"r={root}; cat $r/project/.env $r/project/.git/changelings/runs/*/log; "
                  f"grep -rs sesame ~ /tmp /run /home /root | head; ls -A ~; {FIX}")
    assert record["outcome"] == "opened-pr", record["log"]
    assert "sesame" not in record["log"].replace("grep -rs sesame", "")


@needs_bubblewrap
def test_environments_of_others_are_not_read(held, sandbox):
    sandbox.environment["GITHUB_TOKEN"] = "ghp_" + "open0sesame" * 3
    record = held(f"cat /proc/*/environ | tr '\\0' '\\n' | grep -c '^CHANGELING_RUN='; cat /proc/*/environ | tr '\\0' "
                  f"'\\n' | grep -c GITHUB_TOKEN; ls -d /proc/[0-9]* | wc -l; {FIX}")
    lines = [line for line in record["log"].splitlines() if line.isdigit()]
    assert lines[1] == "0" and int(lines[2]) < 10, record["log"]


@needs_bubblewrap
def test_what_the_definition_names_is_there(repository, sandbox):
    sandbox.write("tools/agent.sh", f"#!/bin/sh\n{FIX}\ncat {sandbox.root}/library/data > \"$HOME/copy\"\n"
                  f"cp \"$HOME/copy\" {sandbox.root}/results/out\n", executable=True)
    sandbox.write("library/data", "data")
    sandbox.write("results/.keep", "")
    sandbox.environment["CHANGELING_SANDBOX"] = "auto"
    repository.changeling("add", "agent", "--run", f"sh {sandbox.root}/tools/agent.sh", "--sandbox-read",
                          sandbox.root / "library", "--sandbox-write", sandbox.root / "results").ok()
    assert repository.changeling("run", "agent", "--json").ok().json["outcome"] == "opened-pr"
    assert (sandbox.root / "results/out").read_text() == "data"


@needs_bubblewrap
def test_setup_and_agent_share_a_home_that_ends_with_the_run(held, repository, sandbox):
    record = held(f"cat ~/by-setup /tmp/by-setup && echo agent > ~/by-agent; {FIX}", "--setup",
                  "echo setup > ~/by-setup; cp ~/by-setup /tmp", "--verify", "test ! -e ~/by-agent && test -f /tmp/by-setup")
    assert record["outcome"] == "opened-pr", record["log"]
    assert not (sandbox.home / "by-setup").exists()
    folder = repository.common_directory() / "changelings/runs" / record["id"]
    assert not any((folder / name).exists() for name in ("home", "tmp", "check-home", "check-tmp", "proxy"))


@needs_bubblewrap
@pytest.mark.parametrize("start", ["setsid sleep 7315 &", "env -i setsid sleep 7315 &", "(setsid nohup sleep 7315 &)",
                                   "trap '' TERM; (trap '' TERM; sleep 7315) &"])
def test_nobody_outlives_the_run(held, start):
    record = held(f"{start}\n{FIX}")
    assert record["outcome"] == "opened-pr"
    deadline = time.monotonic() + 3
    while (left := subprocess.run(["pgrep", "-xf", "sleep 7315"], capture_output=True, check=False).stdout) and \
            time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


@needs_bubblewrap
def test_nobody_outlives_a_run_whose_leader_is_killed(repository, sandbox):
    sandbox.environment["CHANGELING_SANDBOX"] = "auto"
    repository.add_command("agent", "env -i setsid sleep 7316 & sleep 7316")
    running = repository.start("run", "agent")
    ours = lambda: subprocess.run(["pgrep", "-xf", "sleep 7316"], capture_output=True, check=False).stdout  # noqa: E731
    sandbox.wait_until(lambda: len(ours().split()) == 2, "the agent runs")
    os.kill(running.pid, signal.SIGKILL)
    sandbox.wait_until(lambda: not ours(), "all have ended")
    repository.changeling("status").ok()
    assert not list((repository.common_directory() / "changelings/runs").glob("*/home"))


@needs_bubblewrap
def test_criteria_of_a_task_are_held_as_well(repository, sandbox):
    sandbox.environment["CHANGELING_SANDBOX"] = "auto"
    marker = sandbox.root / "marker"
    repository.changeling("role", "add", "fixer", "--run", FIX).ok()
    repository.add_task("Mend it", "--role", "fixer", "--accept", f"run: touch {marker}; grep -q the README.md",
                        "--status", "ready")
    repository.changeling("work", "--role", "fixer", "--once", "--yes")
    assert not marker.exists()


@pytest.fixture
def server():
    """A web server of the machine's; `asked` tells what it was asked for."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path)
            body = b"hello from outside\n"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as one:
        one.asked = []
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield one
        one.shutdown()


def fetch(url):
    return (f"python3 -c 'import urllib.request as r; print(r.urlopen(\"{url}\", timeout=20).read().decode().strip())'"
            " 2>&1 | tail -n 1")


@needs_bubblewrap
def test_no_network(held, server):
    record = held(f"{fetch(f'http://127.0.0.1:{server.server_port}/')}; {FIX}", "--network", "none")
    assert record["outcome"] == "opened-pr", record["log"]
    assert record["walls"]["network"] == "none"
    assert server.asked == []


@needs_bubblewrap
def test_a_list_lets_through_what_is_on_it_and_names_what_is_not(held, server, repository):
    port = server.server_port
    record = held(f"{fetch(f'http://localhost:{port}/listed')}; {fetch('http://evil.example/x')}; "
                  f"{fetch(f'http://127.0.0.1:{port}/by-address')}; {FIX}", "--network", f"localhost:{port}")
    assert record["outcome"] == "opened-pr", record["log"]
    assert "hello from outside" in record["log"]
    assert server.asked == ["/listed"]
    assert record["walls"] == {"sandbox": "bubblewrap", "network": f"localhost:{port}",
                               "refused": ["evil.example", f"127.0.0.1:{port}"]}
    assert "refused: evil.example" in record["log"]
    assert "evil.example" in repository.changeling("runs", "show", record["id"]).ok().out
    assert "evil.example" in repository.changeling("status").ok().out


@needs_bubblewrap
def test_around_the_proxy_there_is_no_way(held, server):
    port = server.server_port
    record = held(f"env -u HTTP_PROXY -u http_proxy -u ALL_PROXY -u all_proxy {fetch(f'http://127.0.0.1:{port}/direct')}; "
                  f"{FIX}", "--network", f"localhost:{port}")
    assert record["outcome"] == "opened-pr", record["log"]
    assert server.asked == []


@needs_bubblewrap
def test_a_listed_name_that_leads_to_this_machine_is_refused(held, server):
    name = f"{os.uname().nodename or 'machine'}"
    record = held(f"{fetch(f'http://ip6-localhost:{server.server_port}/')}; {FIX}", "--network",
                  f"ip6-localhost:{server.server_port}", "--network", name.lower() if name.isalnum() else "other.example")
    assert server.asked == []
    assert record["outcome"] == "opened-pr", record["log"]


def test_words_about_the_network_are_checked(repository):
    for words, complaint in ((["full", "a.example"], "stands alone"), (["http://a.example"], "is not a host"),
                             (["a b"], "is not a host")):
        options = [word for each in words for word in ("--network", each)]
        refused = repository.changeling("add", "x", "--run", "true", *options).expect(129)
        assert complaint in refused.err
    repository.changeling("add", "x", "--run", "true", "--sandbox-read", "relative/path").expect(129)


@needs_bubblewrap
def test_the_system_commands_that_reach_others_are_refused(held):
    record = held("python3 -c 'import ctypes; c = ctypes.CDLL(None, use_errno=True); print(\"keyctl\", "
                  "c.syscall(250, 0, -3, 0), ctypes.get_errno())'; " + FIX)
    if os.uname().machine == "x86_64":
        assert "keyctl -1 1" in record["log"]


@needs_bubblewrap
@pytest.mark.parametrize("agent, code, said", [("kill -KILL $$", 137, "signal 9 (Killed)"), ("kill -SEGV $$", 139, "signal 11"),
                                               ("exit 137", 137, "exit code 137")])
def test_a_signal_is_told_from_the_exit_code_that_shells_make_of_it(repository, sandbox, agent, code, said):
    sandbox.environment["CHANGELING_SANDBOX"] = "auto"
    repository.changeling("add", "agent", "--run", agent).ok()
    record = repository.changeling("run", "agent", "--json").expect(1).json
    assert (record["outcome"], record["exit_code"]) == ("failed", code)
    assert said in record["error"]


@needs_bubblewrap
def test_a_file_that_grows_without_end_is_cut(held):
    record = held(f"head -c 30000000 /dev/zero > big; ls -l big; rm -f big; {FIX}", "--max-file-mb", "10")
    assert record["outcome"] == "opened-pr", record["log"]
    assert " 10485760 " in record["log"]


@needs_bubblewrap
def test_memory_is_limited(held):
    record = held(f"python3 -c 'x = bytearray(400_000_000); print(\"got\", \"it\")'; echo code $?; {FIX}",
                  "--max-memory-mb", "200")
    assert record["outcome"] == "opened-pr", record["log"]
    assert "got it" not in record["log"]


def can_count_processes():
    """Whether a control group beside ours can have a limit of processes."""
    if pathlib.Path("/sys/fs/cgroup/pids").exists():
        return True
    own = pathlib.Path("/proc/self/cgroup").read_text().rsplit("::", 1)[-1].strip()
    given = (pathlib.Path("/sys/fs/cgroup") / own.lstrip("/")).parent / "cgroup.subtree_control"
    return given.exists() and "pids" in given.read_text().split()


@needs_bubblewrap
def test_processes_are_limited(held):
    record = held("python3 -c '\nimport os, time\nmade = 0\ntry:\n    while made < 300:\n        if os.fork() == 0:\n"
                  "            time.sleep(30)\n            os._exit(0)\n        made += 1\nexcept OSError:\n    pass\n"
                  f"print(\"made\", made)'; {FIX}", "--max-processes", "60")
    made = [int(line.split()[1]) for line in record["log"].splitlines() if line.startswith("made ")]
    assert record["outcome"] == "opened-pr", record["log"]
    if os.geteuid() == 0 and not can_count_processes():
        assert made and made[0] == 300, record["log"]
        pytest.skip("NOT SHOWN HERE: the kernel counts no processes of root's, and there is no control group to divide")
    assert made and made[0] < 60, record["log"]


def test_output_without_end_leaves_its_middle_out(held, repository):
    record = held(f"echo begin; yes 0123456789012345678901234567890123456789 | head -c 60000000; echo end; {FIX}")
    assert record["outcome"] == "opened-pr"
    folder = repository.common_directory() / "changelings/runs" / record["id"]
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) < 35_000_000
    log = (folder / "log").read_text()
    assert "begin\n" in log[:5000] and "end\n" in log[-2000:] and "bytes are left out here" in log
    assert "left out" in record["said"]


def test_artifacts_without_end_are_left_out(held, repository):
    record = held("mkdir -p \"$CHANGELING_ARTIFACTS\"; i=0; while [ $i -lt 1500 ]; do echo x > "
                  f"\"$CHANGELING_ARTIFACTS/$i\"; i=$((i+1)); done; {FIX}")
    kept = list((repository.common_directory() / "changelings/runs" / record["id"] / "artifacts").iterdir())
    assert len(kept) == 1000
    assert "artifacts are too large or too many" in record["said"]


def without_bubblewrap(sandbox):
    """A PATH with everything but bwrap."""
    folder = sandbox.root / "system"
    folder.mkdir()
    for place in ("/usr/local/bin", "/usr/bin", "/bin"):
        for program in pathlib.Path(place).iterdir():
            if program.name != "bwrap" and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    sandbox.environment["PATH"] = f"{sandbox.bin}:{folder}"


def test_without_bubblewrap_one_sentence_says_so(held, sandbox):
    without_bubblewrap(sandbox)
    record = held(FIX)
    assert record["outcome"] == "opened-pr"
    assert record["walls"]["sandbox"] == "none"
    assert record["said"].count("NO SANDBOX: bubblewrap (bwrap) is not installed") == 1


def test_required_is_refused_without_it(held, sandbox):
    without_bubblewrap(sandbox)
    record = held(f"touch {sandbox.root}/ran; {FIX}", "--sandbox", "required")
    assert record["outcome"] == "failed"
    assert "a sandbox is required: bubblewrap (bwrap) is not installed" in record["error"]
    assert not (sandbox.root / "ran").exists()


@needs_bubblewrap
def test_required_runs_where_it_works(held):
    assert held(FIX, "--sandbox", "required")["walls"]["sandbox"] == "bubblewrap"


def test_off_is_the_users_word(held, repository, sandbox):
    record = held(f"touch {sandbox.root}/ran; {FIX}", "--sandbox", "off")
    assert record["walls"] == {"sandbox": "none", "network": "full", "refused": []}
    assert (sandbox.root / "ran").exists()
    assert "NO SANDBOX" not in record["said"]
    del sandbox.environment["CHANGELING_SANDBOX"]
    repository.changeling("config", "set", "sandbox", "off").ok()
    assert held(f"{FIX}; echo again >> README.md")["walls"]["sandbox"] == "none"
    repository.changeling("config", "set", "sandbox", "sometimes").expect(129)


def test_mngr_is_not_held_and_that_is_said(repository, sandbox):
    sandbox.environment["CHANGELING_SANDBOX"] = "auto"
    repository.changeling("add", "far", "--agent", "mngr", "--prompt", "x", "--sandbox", "required").ok()
    refused = repository.changeling("run", "far", "--json")
    assert "mngr runs its agents itself" in refused.json["error"]


# The checks, and what the agent has left for them.

@needs_bubblewrap
@pytest.mark.parametrize("check", ["judge", "git judge", "test -e $HOME/left", "test -e /tmp/left"])
def test_checks_have_a_home_of_their_own(held, sandbox, check):
    """Settings and programs that the agent plants where checks would load them."""
    tools = sandbox.home / "not-there-yet/bin"
    sandbox.environment["PATH"] = f"{tools}:{sandbox.environment['PATH']}"
    del sandbox.environment["GIT_CONFIG_GLOBAL"]
    record = held(f"mkdir -p {tools}; printf '#!/bin/sh\\nexit 0\\n' >{tools}/judge; chmod +x {tools}/judge; judge && echo it judges\n"
                  "printf '[alias]\\n\\tjudge = !true\\n' >>$HOME/.gitconfig; git judge && echo git judges\n"
                  f"echo x >$HOME/left; echo x >/tmp/left; {FIX}", "--verify", check)
    assert "it judges" in record["log"] and "git judges" in record["log"]
    assert record["outcome"] == "verification-failed" and record["verification"][0]["exit_code"] != 0


def test_a_definition_does_not_switch_off_what_the_machine_requires(held, repository, sandbox):
    sandbox.environment["CHANGELING_SANDBOX"] = "required"
    record = held(f"touch {sandbox.root}/ran; {FIX}", "--sandbox", "off")
    assert record["outcome"] == "failed"
    assert "the definition of agent says sandbox = off" in record["error"]
    assert "CHANGELING_SANDBOX=required" in record["error"]
    del sandbox.environment["CHANGELING_SANDBOX"]
    repository.git("config", "changeling.sandbox", "required")
    record = held(FIX, "--sandbox", "off")
    assert "changeling.sandbox = required" in record["error"]
    assert "git changeling update agent --sandbox auto" in record["error"]
    assert not (sandbox.root / "ran").exists()


#: Tells of each socket whether it can be connected to.
CONNECT = """
import socket, sys
for path in sys.argv[1:]:
    try:
        socket.socket(socket.AF_UNIX).connect(path)
        print("reached", path)
    except OSError:
        print("closed", path)
"""


@needs_bubblewrap
def test_sockets_of_the_users_programs_are_not_reached(held, sandbox):
    """The ssh agent, the bus, a container daemon: wherever they lie, what listens there is not to be talked to."""
    places = [sandbox.root / "ssh-agent", sandbox.home / ".gnupg/S.gpg-agent", sandbox.home / ".docker/run/docker.sock"]
    if os.access("/run", os.W_OK):
        places.append(pathlib.Path(f"/run/changeling-test-{os.getpid()}.sock"))
    listeners = []
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        listeners.append(socket.socket(socket.AF_UNIX))
        listeners[-1].bind(str(place))
        listeners[-1].listen()
    sandbox.environment.update(SSH_AUTH_SOCK=str(places[0]), DBUS_SESSION_BUS_ADDRESS=f"unix:path={places[0]}",
                               DOCKER_HOST=f"unix://{places[2]}")
    names = " ".join(f"'{place}'" for place in places)
    try:
        outside = subprocess.run(["python3", "-c", CONNECT, *map(str, places)], capture_output=True, text=True, check=True)
        assert outside.stdout.count("reached") == len(places)
        record = held(f"env | grep -c -e SSH_AUTH_SOCK -e DBUS -e DOCKER; python3 -c '{CONNECT}' {names} /run/docker.sock "
                      f"/var/run/docker.sock /run/dbus/system_bus_socket; {FIX}")
    finally:
        for place, listener in zip(places, listeners):
            listener.close()
            place.unlink()
    assert record["outcome"] == "opened-pr", record["log"]
    assert record["log"].count("closed ") == len(places) + 3, record["log"]
    assert "reached" not in record["log"]
    assert "\n0\n" in record["log"]


@needs_bubblewrap
def test_credential_helpers_are_not_asked(held, sandbox):
    sandbox.environment.pop("GIT_CONFIG_GLOBAL")
    helper = sandbox.write("home/bin/helper", "#!/bin/sh\necho username=me\necho password=sesame\n", executable=True)
    sandbox.write("home/.gitconfig", f"[credential]\n\thelper = {helper}\n\thelper = store\n"
                                     "[user]\n\tname = A\n\temail = a@example.com\n")
    sandbox.write("home/.git-credentials", "https://me:sesame@example.com\n")
    ask = "printf 'protocol=https\\nhost=example.com\\n\\n' | env -u GIT_CONFIG_COUNT -u GIT_ASKPASS git credential fill"
    outside = sandbox.run("sh", "-c", ask.replace("\\\\", "\\"))
    assert "password=sesame" in outside.out
    record = held(f"{ask}; cat '{helper}' ~/.git-credentials; {FIX}")
    assert record["outcome"] == "opened-pr", record["log"]
    assert "sesame" not in record["log"]


@needs_bubblewrap
def test_what_a_commit_names_as_a_submodule_opens_no_other_repository(held, repository, sandbox):
    other = sandbox.repository(files={"code.c": "int sesame;\n"}, name="secret")
    repository.commit({".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ../secret\n'
                                      f'[submodule "y"]\n\tpath = y\n\turl = {other.path}\n'}, "submodules")
    repository.git("push", "--quiet", "origin", "main")
    script = f"git --git-dir='{other.path}/.git' log -p --all; ls '{other.path}'; {FIX}"
    record = held(script)
    assert record["outcome"] == "opened-pr", record["log"]
    assert "sesame" not in record["log"]
    assert "the submodule at ../secret is a repository on this machine that your configuration does not name" in record["log"]
    assert "sesame" in held(script + "; echo >>README.md", "--sandbox-read", other.path / ".git")["log"]
    repository.changeling("review", "list").ok()
