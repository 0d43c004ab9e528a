"""A server that stands in for GitHub: see tests/github/start.mjs. One for all tests of a process, a repository of
its own for every test."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import urllib.error
import urllib.request

import pytest

from harness.sandbox import SYSTEM_PATH

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[2]
START_PATIENCE_SECONDS = 60

# A proxy of the machine must not see requests to loopback.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def node_modules():
    """The folder that scripts/test or a developer installed tests/npm into, or None."""
    named = os.environ.get("CHANGELING_NODE_MODULES")
    folder = pathlib.Path(named) if named else SOURCE_ROOT / "build" / "npm" / "node_modules"
    return folder if (folder / "@stoplight" / "prism-cli").is_dir() else None


class GitHubServer:
    def __init__(self, modules):
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            ["node", str(SOURCE_ROOT / "tests" / "github" / "start.mjs"), str(modules)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self._log, text=True,
            env={"PATH": os.environ.get("PATH", SYSTEM_PATH), "HOME": tempfile.gettempdir(),
                 "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"})
        line = self._process.stdout.readline()
        if not line:
            self._process.wait(timeout=START_PATIENCE_SECONDS)
            self._log.seek(0)
            raise AssertionError("the GitHub server did not start:\n" + self._log.read().decode(errors="replace"))
        announced = json.loads(line)
        self.url = announced["url"]
        self.token = announced["token"]
        self.owner = announced["owner"]
        self._control_url = announced["control"]

    def stop(self):
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        finally:
            self._process.kill()
            self._process.stdout.close()
            self._log.close()

    def control(self, method, path, body=None):
        status, answer = send(method, self._control_url + path, body)
        assert status < 300, answer
        return answer

    def request(self, method, path, body=None, *, token=None, headers=None):
        """A direct request through the validating server, as (status, body)."""
        return send(method, self.url + path, body, {
            "Authorization": f"Bearer {token or self.token}", "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28", **(headers or {})})


def send(method, url, body=None, headers=None):
    request = urllib.request.Request(url, method=method, headers={"Content-Type": "application/json", **(headers or {})},
                                     data=None if body is None else json.dumps(body).encode())
    try:
        with _opener.open(request, timeout=START_PATIENCE_SECONDS) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"null")


class GitHubRepository:
    """One repository on the server, backed by a bare git repository."""

    def __init__(self, server, name, bare, *, drafts=True):
        self.server = server
        self.name = name
        self.full_name = f"{server.owner}/{name}"
        self.bare = bare
        self.violations_expected = False
        server.control("POST", "/repositories", {"name": name, "bare": str(bare), "drafts": drafts})

    @classmethod
    def forked(cls, server, name, upstream, fork):
        """Somebody else's repository of which ours, `acme/NAME`, is a fork; both are bare repositories on disk."""
        repository = cls.__new__(cls)
        answer = server.control("POST", "/forks", {"name": name, "upstream": str(upstream), "fork": str(fork)})
        repository.server, repository.name, repository.bare = server, name, upstream
        repository.full_name = answer["full_name"]
        repository.violations_expected = False
        return repository

    @property
    def clone_url(self):
        return f"https://github.com/{self.full_name}.git"

    def request(self, method, path, body=None, **options):
        return self.server.request(method, f"/repos/{self.full_name}{path}", body, **options)

    def pulls(self, state="open"):
        status, pulls = self.request("GET", f"/pulls?state={state}&per_page=100&sort=created&direction=asc")
        assert status == 200, pulls
        return pulls

    def fault(self, method, path, **fault):
        """The next matching request meets this fault; `path` is a regular expression behind /repos/OWNER/NAME."""
        self.server.control("POST", "/faults", {"method": method, "path": f"/repos/{re.escape(self.full_name)}{path}",
                                                **fault})

    def pull_from_fork(self, branch, body):
        return self.server.control("POST", "/pulls-from-fork",
                                   {"name": self.name, "branch": branch, "base": "main", "body": body})

    def workflow_runs(self):
        """Dispatched runs of workflows: number, file, title, inputs, status, conclusion."""
        return [run for run in self.server.control("GET", "/workflow-runs") if run["fullName"] == self.full_name]

    def end_workflow_run(self, number, conclusion):
        self.server.control("POST", "/workflow-runs", {"number": number, "status": "completed", "conclusion": conclusion})

    def journal(self):
        """Every exchange about this repository: method, path, body, status, fault, violations."""
        prefix = f"/repos/{self.full_name}"
        return [entry for entry in self.server.control("GET", "/journal")
                if entry["path"].startswith((prefix + "/", prefix + "?")) or entry["path"] == prefix]

    def asked(self, method, tail):
        """The requests with this method whose path, without query, is `tail` behind /repos/OWNER/NAME."""
        return [entry for entry in self.journal()
                if entry["method"] == method and entry["path"].split("?")[0] == f"/repos/{self.full_name}{tail}"]

    def check_no_violations(self):
        violations = [(entry["method"], entry["path"], entry["violations"]) for entry in self.journal()
                      if entry.get("violations")]
        assert not violations, f"against GitHub's own description: {json.dumps(violations, indent=1)}"


@pytest.fixture(scope="session")
def github_server():
    modules = node_modules()
    if modules is None:
        pytest.skip("the packages of tests/npm are not installed (scripts/test does it)")
    server = GitHubServer(modules)
    yield server
    server.stop()
