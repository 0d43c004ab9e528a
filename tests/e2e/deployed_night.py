"""A changeling called night that is deployed to GitHub Actions."""

import pytest

WORKFLOW = ".github/workflows/changeling-night.yml"
STATE = "refs/changelings/state"


def deploy(repository, name="night", *options):
    return repository.changeling("deploy", name, "--to", "github-actions", *options)


def add_night(repository, *options, script="echo by night >> README.md"):
    # By name, so that another machine finds it, too: nothing of the agent lies in this repository.
    return repository.changeling("add", "night", "--run", script, "--schedule", "0 3 * * 1-5",
                                 *repository.sandbox.opening(script), *options).ok()


def commit_and_push(repository):
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "deploy")
    repository.git("push", "--quiet", "origin", "main")


def deployments(repository):
    return {entry["changeling"]: entry for entry in repository.changeling("status", "--json").ok().json["deployments"]}


@pytest.fixture
def deployed(repository):
    """night is deployed, committed and pushed. `workflow` is its file's text."""
    add_night(repository)
    deploy(repository).ok()
    commit_and_push(repository)
    repository.workflow = repository.read(WORKFLOW)
    return repository
