"""What a run publishes: branches, commits, and never a second pull request."""


def run(repository, name):
    return repository.changeling("run", name, "--json").json


def test_the_branch_is_pushed_to_the_remote(repository):
    repository.add_command("writer", "echo more >> README.md")
    record = run(repository, "writer")
    assert repository.remote.head(record["branch"]) == record["head"]
    assert repository.remote.head("main") == repository.head("main")


def test_a_remote_with_a_relative_path(repository):
    """git takes it as relative to the work tree, wherever the program was started."""
    repository.git("remote", "set-url", "origin", f"../{repository.remote.path.name}")
    repository.add_command("writer", "echo more >> README.md")
    repository.write("sub/file", "")
    result = repository.changeling("run", "writer", "--json", cwd=repository.path / "sub").ok()
    assert repository.remote.head(result.json["branch"]) == result.json["head"]
    assert "could not" not in result.err


def test_without_a_remote(sandbox):
    repo = sandbox.repository()
    repo.changeling("init").ok()
    repo.add_command("writer", "echo more >> README.md")
    record = run(repo, "writer")
    assert record["outcome"] == "opened-pr"
    assert repo.show(record["branch"], "README.md").endswith("more\n")
    pull, = repo.pull_requests()
    assert (pull["branch"], pull["base"], pull["state"], pull["draft"]) == (record["branch"], "main", "open", False)


def test_uncommitted_leftovers_are_committed_with_a_clear_message(repository):
    repository.add_command("writer", "echo more >> README.md; mkdir new; echo file > new/file; rm -f gone")
    record = run(repository, "writer")
    log = repository.git("log", "--format=%s", f"main..{record['branch']}").splitlines()
    assert len(log) == 1 and "writer" in repository.git("log", "-1", "--format=%B", record["branch"])
    assert sorted(repository.git("diff", "--name-only", "main", record["branch"]).split()) == ["README.md", "new/file"]


def test_the_agents_own_commits_are_kept(repository):
    repository.add_command("committer", "echo one > one; git add one; git commit -qm 'first step'\n"
                                        "echo two > two; git add two; git commit -qm 'second step'\necho rest > rest")
    record = run(repository, "committer")
    log = repository.git("log", "--reverse", "--format=%s", f"main..{record['branch']}").splitlines()
    assert log[:2] == ["first step", "second step"] and len(log) == 3
    assert repository.show(record["branch"], "rest") == "rest\n"


def test_the_program_adds_nothing_of_its_own_to_the_commit(repository):
    repository.add_command("writer", "echo more >> README.md")
    record = run(repository, "writer")
    assert repository.git("diff", "--name-only", "main", record["branch"]) == "README.md"


def test_the_work_starts_from_the_newest_commit_of_the_remote(repository, sandbox):
    sandbox.run("git", "clone", "--quiet", repository.remote.path, sandbox.root / "colleague").ok()
    colleague = sandbox.adopt(sandbox.root / "colleague")
    colleague.git("config", "user.name", "Colleague")
    colleague.git("config", "user.email", "colleague@example.com")
    newest = colleague.commit({"news": "fresh\n"}, "news")
    colleague.git("push", "--quiet", "origin", "main")
    before = repository.head("main")
    repository.add_command("writer", "cat news >> README.md")
    record = run(repository, "writer")
    assert record["outcome"] == "opened-pr"
    assert repository.git("merge-base", record["branch"], newest) == newest
    assert repository.head("main") == before


def test_another_base_branch(repository):
    repository.git("branch", "release")
    repository.git("push", "--quiet", "origin", "release")
    repository.add_command("writer", "echo more >> README.md", "--branch", "release")
    assert run(repository, "writer")["base"] == "release"
    assert repository.pull_requests()[0]["base"] == "release"


def test_a_base_branch_that_does_not_exist(repository):
    repository.add_command("writer", "echo more >> README.md", "--branch", "relaese")
    result = repository.changeling("run", "writer")
    assert result.code in (1, 128)
    assert "there is no branch 'relaese'" in result.out


def test_a_second_run_continues_on_the_open_pull_request(repository):
    repository.add_command("counter", "echo \"$(wc -l < README.md)\" >> README.md")
    first = run(repository, "counter")
    second = run(repository, "counter")
    assert (first["outcome"], second["outcome"]) == ("opened-pr", "updated-pr")
    assert second["branch"] == first["branch"]
    assert second["pull_request"]["number"] == 1
    assert repository.git("merge-base", first["head"], second["head"]) == first["head"]
    pull, = repository.pull_requests()
    assert pull["head"] == second["head"] == repository.remote.head(second["branch"])


def test_a_second_run_with_nothing_new_changes_nothing(repository):
    repository.add_command("fixer", "sed -i s/teh/the/ README.md")
    first = run(repository, "fixer")
    second = run(repository, "fixer")
    assert second["outcome"] == "no-changes"
    pull, = repository.pull_requests()
    assert pull["head"] == first["head"]


def test_the_change_that_is_proposed_already_is_recognised(repository):
    """With more than one allowed, a run starts afresh and makes the very same change."""
    repository.add_command("fixer", "sed -i s/teh/the/ README.md", "--max-open-prs", "2")
    assert run(repository, "fixer")["outcome"] == "opened-pr"
    assert run(repository, "fixer")["outcome"] == "no-changes"
    assert len(repository.pull_requests()) == 1


def test_more_than_one_when_allowed(repository, sandbox):
    repository.add_command("writer", f"date +%s%N > {sandbox.marks}/now; cp {sandbox.marks}/now \"file-$(cat {sandbox.marks}/now)\"",
                           "--max-open-prs", "2")
    records = [run(repository, "writer") for _ in range(3)]
    assert [record["outcome"] for record in records][:2] == ["opened-pr", "opened-pr"]
    assert records[2]["outcome"] == "updated-pr"
    assert len(repository.pull_requests()) == 2


def test_a_rejected_change_is_not_proposed_again(repository):
    repository.add_command("fixer", "sed -i s/teh/the/ README.md")
    assert run(repository, "fixer")["outcome"] == "opened-pr"
    repository.changeling("review", "reject", "1").ok()
    again = run(repository, "fixer")
    assert again["outcome"] == "no-changes"
    assert [pull for pull in repository.pull_requests() if pull["state"] == "open"] == []


def test_another_change_is_proposed_after_a_rejection(repository, sandbox):
    repository.add_command("writer", f"cat {sandbox.marks}/text >> README.md")
    sandbox.write("marks/text", "one\n")
    assert run(repository, "writer")["outcome"] == "opened-pr"
    repository.changeling("review", "reject", "1").ok()
    sandbox.write("marks/text", "two\n")
    record = run(repository, "writer")
    assert (record["outcome"], record["pull_request"]["number"]) == ("opened-pr", 2)


def test_after_acceptance_the_next_run_starts_anew(repository):
    repository.add_command("counter", "echo \"$(wc -l < README.md)\" >> README.md")
    run(repository, "counter")
    repository.changeling("review", "accept", "1").ok()
    record = run(repository, "counter")
    assert (record["outcome"], record["pull_request"]["number"]) == ("opened-pr", 2)


def test_the_body_tells_what_was_done_and_shows_the_evidence(repository):
    repository.add_command("fixer", "sed -i s/teh/the/ README.md; echo Corrected one word.",
                           "--verify", "echo all 12 checks are fine")
    record = run(repository, "fixer")
    text = repository.changeling("review", "show", "1").ok().out
    assert "Corrected one word." in text
    assert "echo all 12 checks are fine" in text
    assert "all 12 checks are fine" in text.replace("echo all 12 checks are fine", "")
    assert record["id"][:8] in text
    assert "-It has teh typo." in text and "+It has the typo." in text


def test_colours_of_what_was_printed_are_no_part_of_the_title(repository):
    repository.add_command("painter", r"""echo more >> README.md; printf '\033[1;32mFixed\033[0m the \033[4mparser\033[m\n\033[K'""")
    record = run(repository, "painter")
    assert (record["outcome"], record["summary"]) == ("opened-pr", "Fixed the parser")
    assert repository.pull_requests()[0]["title"] == "Fixed the parser"
    repository.add_command("failing", r"""printf '\033[31mno rule\033[0m\n' >&2; exit 3""")
    failed = repository.changeling("run", "failing", "--json").json
    assert failed["error"].endswith("no rule") and "\x1b" not in failed["error"]


def test_labels_reviewers_and_draft_are_kept(repository):
    repository.add_command("writer", "echo more >> README.md", "--label", "automatic", "--reviewer", "maintainer",
                           "--draft")
    run(repository, "writer")
    pull, = repository.pull_requests()
    assert pull["draft"] is True
    text = repository.changeling("review", "show", "1").ok().out
    assert "automatic" in text and "maintainer" in text


def test_two_runs_of_one_changeling_do_not_overlap(repository, sandbox):
    repository.add_command("slow", f"while ! test -e {sandbox.marks}/go; do sleep 0.05; done; echo x >> README.md")
    first = repository.start("run", "slow", "--json")
    sandbox.wait_until(sandbox.agent_processes, "the first agent runs")
    second = repository.changeling("run", "slow")
    assert second.code != 0
    assert "running" in second.err
    sandbox.write("marks/go", "")
    assert first.finish().ok().json["outcome"] == "opened-pr"
    assert len(repository.pull_requests()) == 1


def test_different_changelings_run_side_by_side(repository, sandbox):
    for name in ("one", "two", "three"):
        repository.add_command(name, f"while ! test -e {sandbox.marks}/go; do sleep 0.05; done; echo x > {name}")
    programs = [repository.start("run", name, "--json") for name in ("one", "two", "three")]
    sandbox.wait_until(lambda: len({record["changeling"] for record in repository.runs()
                                    if record["status"] == "running"}) == 3, "three runs are recorded")
    sandbox.write("marks/go", "")
    assert [program.finish().ok().json["outcome"] for program in programs] == ["opened-pr"] * 3
    assert sorted(pull["number"] for pull in repository.pull_requests()) == [1, 2, 3]


def test_a_remote_that_is_down_is_told_and_the_work_is_proposed_here(repository):
    """The pull request of the local forge needs no remote; that its branch is not there yet must not be silent."""
    repository.add_command("writer", "echo more >> README.md")
    repository.git("remote", "set-url", "origin", str(repository.path / "nowhere"))
    result = repository.changeling("run", "writer", "--json").ok()
    assert result.json["outcome"] == "opened-pr"
    told = [line for line in result.err.splitlines() if "nowhere" in line]
    assert len(told) >= 2  # The fetch at the start, the push at the end.
    assert all(line.isprintable() for line in told)
    assert repository.show(repository.pull_requests()[0]["branch"], "README.md").endswith("more\n")
