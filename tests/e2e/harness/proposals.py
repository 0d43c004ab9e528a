"""Pull requests of the local forge, made by a run, and what must hold after accepting one."""


def propose(repository, script, *options, name="worker"):
    """Runs the shell script as an agent; returns the request's record."""
    repository.add_command(name, script, *options)
    assert repository.changeling("run", name, "--json").ok().json["outcome"] == "opened-pr"
    return repository.pull_requests()[-1]


def state_of(repository, number):
    listed = repository.changeling("review", "list", "--all", "--json").ok().json["pull_requests"]
    return {pull["number"]: pull["state"] for pull in listed}[number]


def accept(repository, number=1, **options):
    return repository.changeling("review", "accept", str(number), **options)


def check_accepted(repository, pull, branch="main"):
    """The base has the request, and git sees no difference between it, the index and the files."""
    repository.git("merge-base", "--is-ancestor", pull["head"], branch)
    assert repository.git("status", "--porcelain") == ""
    assert state_of(repository, pull["number"]) == "merged"


def check_refused(repository, number=1, *, word, code=128, **options):
    """Nothing of the user's has changed by an acceptance that fails with this word."""
    before = repository.user_state()
    result = accept(repository, number, **options).expect(code)
    assert word in result.err, result
    assert repository.user_state() == before
    assert state_of(repository, number) == "open"
    return result
