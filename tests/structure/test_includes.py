"""The rules of docs/architecture.md on what may include what; each is also shown to be able to fail."""

import includes
import pytest

FLOORS = {"src/CMakeLists.txt": "add_subdirectory(support)\nadd_subdirectory(git)\nadd_subdirectory(schedule)\n"
                                "add_subdirectory(changeling)\nadd_subdirectory(cli)\n"}


@pytest.mark.parametrize("check", [
    includes.upward_includes,
    includes.includes_beyond_the_declared_floors,
    includes.units_with_boost_elsewhere,
    includes.impurities,
    includes.libraries_outside_their_home,
    includes.printing_outside_the_command_line,
    includes.terminals_below_the_command_line,
    includes.output_past_the_exit,
    includes.forks_elsewhere,
    includes.long_files,
    includes.unmentioned_in_the_architecture,
    includes.settings_outside_the_table,
], ids=lambda check: check.__name__)
def test_the_source_tree_keeps_the_rule(check, source_root):
    assert check(source_root) == []


def test_the_checks_read_the_real_sources(source_root):
    assert includes.floors(source_root)[0] == "support"
    assert includes.floors(source_root)[-1] == "cli"
    assert sum(len(includes.includes(text)) for _, text in includes.sources(source_root)) > 100


@pytest.mark.parametrize("path, line, complaint", [
    ("src/git/tree.cpp", '#include "cli/main.hpp"', "git includes upward"),
    ("src/git/tree.cpp", '#include "tree.hpp"', 'must be included as "git/tree.hpp"'),
    ("src/git/tree.cpp", '#  include "elsewhere/tree.hpp"', "is in no floor"),
    ("src/attic/tree.cpp", "", "folder attic is not in"),
])
def test_a_wrong_direction_is_found(tree, path, line, complaint):
    found = includes.upward_includes(tree({**FLOORS, path: f"\n{line}\n"}))
    assert len(found) == 1 and complaint in found[0]


def test_a_downward_include_is_no_finding(tree):
    root = tree({**FLOORS, "src/cli/a.cpp": '#include "git/a.hpp"\n#include "cli/a.hpp"\n#include <vector>\n'})
    assert includes.upward_includes(root) == []


def test_an_include_that_is_not_linked_is_found(tree):
    root = tree({**FLOORS, "src/cli/CMakeLists.txt": "changeling_floor(cli ON support LIBRARIES CLI11::CLI11)\n",
                 "src/cli/a.cpp": '#include "support/a.hpp"\n#include "git/a.hpp"\n'})
    assert ["git/a.hpp" in line for line in includes.includes_beyond_the_declared_floors(root)] == [True]


@pytest.mark.parametrize("path, line", [
    ("src/changeling/a.cpp", '#include "git/repository.hpp"'),
    ("src/changeling/a.cpp", '#include "support/process.hpp"'),
    ("src/changeling/a.hpp", '#include "support/files.hpp"'),
    ("src/schedule/a.cpp", '#include "changeling/definition.hpp"'),
    ("src/schedule/a.cpp", "auto now = SystemClock().now();"),
    ("src/changeling/a.cpp", 'auto home = std::getenv("HOME");'),
])
def test_an_impure_line_is_found(tree, path, line):
    assert len(includes.impurities(tree({**FLOORS, path: line}))) == 1


def test_pure_code_may_include_what_is_pure(tree):
    root = tree({**FLOORS, "src/changeling/a.cpp": '#include "schedule/cron.hpp"\n#include "support/clock.hpp"\n'
                                                   "// Never asks SystemClock.\n"})
    assert includes.impurities(root) == []


@pytest.mark.parametrize("path, line", [
    ("src/cli/a.cpp", "#include <git2.h>"),
    ("src/cli/a.cpp", "#include <git2/sys/mempack.h>"),
    ("src/git/a.cpp", "#include <CLI/CLI.hpp>"),
    ("src/cli/a.cpp", "#include <CLI/CLI.hpp>"),
    ("src/git/a.hpp", "#include <nlohmann/json.hpp>"),
    ("src/cli/a.cpp", "git_repository* repository = nullptr;"),
    ("src/changeling/a.cpp", "if (code == GIT_EEXISTS_ALREADY) return;"),
])
def test_a_library_outside_its_home_is_found(tree, path, line):
    assert len(includes.libraries_outside_their_home(tree({**FLOORS, path: line}))) == 1


def test_names_of_libgit2_in_comments_and_strings_are_no_finding(tree):
    root = tree({**FLOORS, "src/cli/a.cpp": '// git_repository\nauto a = "GIT_INDEX_FILE";\n',
                 "src/git/a.cpp": "#include <git2.h>\ngit_repository* a;\n"})
    assert includes.libraries_outside_their_home(root) == []


def test_a_unit_that_gets_boost_through_a_header_is_found(tree):
    root = tree({"src/server/a.hpp": "#include <boost/asio.hpp>\n", "src/server/b.hpp": '#include "server/a.hpp"\n',
                 "src/server/c.cpp": '#include "server/b.hpp"\n', "src/server/http_server.cpp": '#include "server/b.hpp"\n',
                 "src/server/d.cpp": "#include <string>\n"})
    assert includes.units_with_boost_elsewhere(root) == ["src/server/c.cpp: compiles Boost"]


def test_printing_in_the_library_is_found(tree):
    root = tree({**FLOORS, "src/git/a.cpp": "std::cout << 1;\n", "src/cli/a.cpp": "std::cout << 1;\n",
                 "src/schedule/a.cpp": 'snprintf(buffer, size, "%d", 1);\n'})
    assert [line.split(":")[0] for line in includes.printing_outside_the_command_line(root)] == ["src/git/a.cpp"]


def test_what_is_shown_below_the_command_line_is_found(tree):
    root = tree({**FLOORS, "src/git/a.cpp": "void show(const Terminal& terminal);\n", "src/cli/a.cpp": "Terminal terminal;\n",
                 "src/schedule/a.cpp": 'auto a = "stderr";  // Terminal&\n', "src/support/a.cpp": "::isatty(0);\n",
                 "src/changeling/a.cpp": "std::fwrite(a, 1, 1, stderr);\n"})
    assert [line.split(":")[0] for line in includes.terminals_below_the_command_line(root)] == ["src/changeling/a.cpp",
                                                                                             "src/git/a.cpp"]


def test_output_past_the_exit_is_found(tree):
    root = tree({**FLOORS, "src/cli/a.cpp": "std::fwrite(a, 1, 1, stderr);\n", "src/cli/b.cpp": "::write(1, a, 1);\n",
                 "src/cli/output.cpp": "std::fwrite(a, 1, 1, stdout);\n", "src/cli/c.cpp": "print_text(a);  // stdout\n"})
    assert [line.split(":")[0] for line in includes.output_past_the_exit(root)] == ["src/cli/a.cpp", "src/cli/b.cpp"]


def test_a_fork_in_any_other_file_is_found(tree):
    root = tree({**FLOORS, "src/cli/a.cpp": "const pid_t child = ::fork();", "src/git/a.cpp": 'auto s = "fork()";',
                 "src/support/spawn.cpp": "pid = ::fork();"})
    assert [line.split(":")[0] for line in includes.forks_elsewhere(root)] == ["src/cli/a.cpp"]


def test_a_long_file_is_found(tree):
    root = tree({**FLOORS, "src/git/a.cpp": "\n" * 501, "src/git/b.cpp": "\n" * 500})
    assert [line.split(":")[0] for line in includes.long_files(root)] == ["src/git/a.cpp"]


@pytest.mark.parametrize("path, text, complaint", [
    ("src/git/tree.cpp", 'repository.config("changeling.leese");', "reads changeling.leese"),
    ("src/git/tree.cpp", 'project::duration_setting(context.repository(), "changeling.leese");', "reads changeling.leese"),
    ("docs/queue.md", "set `changeling.maxTries` to 0", "changeling.maxTries is no setting"),
    ("src/git/tree.cpp", "", "nothing reads changeling.lease"),
])
def test_a_setting_outside_the_table_is_found(tree, path, text, complaint):
    reader = {} if "nothing reads" in complaint else {"src/cli/x.cpp": '"changeling.lease"\n'}
    found = includes.settings_outside_the_table(
        tree({**FLOORS, "src/project/settings.cpp": 'Setting{"changeling.lease"}\n', **reader, path: text + "\n"}))
    assert len(found) == 1 and complaint in found[0]


def test_a_folder_that_is_not_on_the_map_is_found(tree):
    files = {**FLOORS, **{f"src/{floor}/a.hpp": "" for floor in ("support", "git", "schedule", "changeling", "cli")}}
    root = tree({**files, "docs/architecture.md": "`support` `git` `schedule` `changeling`\n"})
    assert includes.unmentioned_in_the_architecture(root) == ["docs/architecture.md does not mention `cli`"]
