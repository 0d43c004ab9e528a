"""Man page, completions and reference are made from the program's command tree, and what is committed is current."""

import importlib.machinery
import importlib.util
import subprocess

import pytest
from docs import bash_completion, fish_completion, lists, manpage, reference, tree, zsh_completion

SAMPLE = """{
 "name": "git-changeling", "description": "Agents.",
 "sections": [{"title": "Set up", "names": ["add"]}, {"title": "Runs", "names": ["runs"]}],
 "settings": [{"key": "changeling.lease", "value": "DURATION", "default": "30m", "otherwise": null, "help": "How long",
               "several": false},
              {"key": "changeling.forge", "value": "local|github", "default": null, "otherwise": "by the remote",
               "help": "Where. It's so", "several": false}],
 "options": [{"names": ["-C"], "value": "PATH", "help": "Run as if started there", "choices": [], "repeatable": false}],
 "commands": [
  {"path": ["add"], "summary": "Add a changeling", "description": "Adds a changeling. It's written\\nat once.\\n\\n.Dot",
   "options": [{"names": ["-s", "--schedule"], "value": "CRON", "help": "When: [minute] hour\\\\day", "choices": [],
                "repeatable": false},
               {"names": ["--overlap"], "value": "POLICY", "help": "What if it's running", "choices": ["skip", "queue"],
                "repeatable": false},
               {"names": ["--verify"], "value": "CMD", "help": "A | check", "choices": [], "repeatable": true},
               {"names": ["--json"], "value": null, "help": "As JSON", "choices": [], "repeatable": false}],
   "positionals": [{"name": "NAME", "help": "A new name", "required": true, "repeatable": false}], "commands": []},
  {"path": ["runs"], "summary": "Runs", "description": "", "options": [], "positionals": [], "commands": [
    {"path": ["runs", "show"], "summary": "Show one", "description": "", "options": [],
     "positionals": [{"name": "RUN", "help": "Its id", "required": true, "repeatable": true}], "commands": []}]}]}"""


@pytest.fixture
def sample():
    return tree.parse(SAMPLE)


@pytest.fixture
def frame(source_root):
    return (source_root / "man" / "git-changeling.1.in").read_text()


def lint(path):
    return subprocess.run(["mandoc", "-Tlint", "-W", "warning", path], capture_output=True, text=True,
                          check=False).stdout


def parses(shell, text, tmp_path):
    script = tmp_path / "completion"
    script.write_text(text)
    return subprocess.run([*shell, script], capture_output=True, text=True, check=False)


def rendered(page):
    shown = subprocess.run(["mandoc", "-Tutf8", "-Owidth=80", page], capture_output=True, text=True, check=True).stdout
    return "".join(letter for place, letter in enumerate(shown) if letter != "\b" and shown[place + 1:place + 2] != "\b")


def test_the_manual_pages_of_a_tree_are_clean(sample, frame, tmp_path):
    made = {"git-changeling.1": manpage.write(sample, frame), **manpage.pages(sample)}
    assert sorted(made) == ["git-changeling-add.1", "git-changeling-config.5", "git-changeling-runs.1", "git-changeling.1"]
    for name, text in made.items():
        (tmp_path / name).write_text(text)
        assert lint(tmp_path / name) == "", name
    main = rendered(tmp_path / "git-changeling.1")
    assert "git-changeling-add(1)" in main and "Add a changeling." in main
    settings = rendered(tmp_path / "git-changeling-config.5")
    assert "changeling.lease DURATION" in settings and "Without it: 30m." in settings
    assert "Without it: by the remote." in settings
    assert "git changeling runs show RUN ..." in rendered(tmp_path / "git-changeling-runs.1")
    shown = rendered(tmp_path / "git-changeling-add.1")
    assert "-s, --schedule CRON" in shown
    assert "[minute] hour\\day" in shown
    assert "One of skip, queue." in shown
    assert [line for line in shown.splitlines() if len(line) > 80] == []


def test_the_lint_can_fail(tmp_path):
    page = tmp_path / "page.1"
    page.write_text(".Dd November 20, 2026\n.Dt X 1\n.Os\n.Sh NAME\n.Nm x\n.Nd y\n.Nosuchmacro z\n")
    assert lint(page) != ""


def test_the_reference_has_every_command_and_option(sample):
    text = reference.write(sample)
    assert "## git changeling add" in text and "### git changeling runs show" in text
    assert "`--verify CMD` | A \\| check. May be repeated." in text
    assert "`-s, --schedule CRON`" in text


@pytest.mark.parametrize("module, shell", [(bash_completion, ["bash", "-n"]), (zsh_completion, ["zsh", "-n"]),
                                           (fish_completion, ["fish", "--no-execute"])],
                         ids=["bash", "zsh", "fish"])
def test_completions_parse(sample, module, shell, tmp_path):
    checked = parses(shell, module.write(sample), tmp_path)
    assert checked.returncode == 0 and checked.stderr == ""


def test_the_committed_files_are_current(source_root, program):
    """On failure: run scripts/generate-docs and commit what it writes."""
    checked = subprocess.run([source_root / "scripts" / "generate-docs", "--check", "--program", program],
                             capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_drift_is_noticed(source_root, program):
    loader = importlib.machinery.SourceFileLoader("generate_docs", str(source_root / "scripts" / "generate-docs"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("generate_docs", loader))
    loader.exec_module(module)
    files = module.generated_files(program)
    root = tree.read(program)
    root.commands[0].summary += " changed"
    assert reference.write(root) != files["docs/reference.md"]


def test_the_committed_manual_pages_are_clean(source_root):
    pages = sorted((source_root / "man").glob("*.[15]"))
    assert len(pages) > 40
    for page in pages:
        assert lint(page) == "", page.name
    # What people meet first they also read to its end.
    assert len(rendered(source_root / "man" / "git-changeling.1").splitlines()) <= 300


def test_a_table_of_words_in_a_page_is_made_anew_and_the_rest_is_left_alone(sample):
    sample.lists = {"places": [{"word": "here", "help": "This | machine"}]}
    begin, end = "<!-- list places: made by scripts/generate-docs -->\n", "<!-- end of list -->\n"
    written = lists.write(sample, f"# Page\n{begin}| old |\n{end}rest\n")
    assert written == f"# Page\n{begin}| place | is |\n| --- | --- |\n| `here` | This \\| machine |\n{end}rest\n"
    assert lists.write(sample, written) == written
    with pytest.raises(KeyError):
        lists.write(sample, written.replace("list places", "list unknown"))


def test_every_list_of_the_program_has_a_table_in_the_docs(source_root, program):
    pages = "".join(page.read_text() for page in lists.pages_with_lists(source_root / "docs"))
    shown = {found["name"] for found in lists.MARKED.finditer(pages)}
    assert shown == set(tree.read(program).lists)
