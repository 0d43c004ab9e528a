"""Reads the #include lines of src/ and finds those that the architecture forbids.

Each check takes the root of a source tree and returns a list of sentences, empty when all is well.
"""

import re

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
SUBDIRECTORY = re.compile(r"^\s*add_subdirectory\((\w+)\)", re.MULTILINE)
SOURCE_SUFFIXES = (".cpp", ".hpp", ".h")

# Floors that decide and calculate only. Besides themselves they may include from the floors named here, and
# from support except for what reaches outside the process.
PURE_FLOORS = {"schedule": set(), "changeling": {"schedule"}, "queue": {"changeling", "schedule"}}
IMPURE_SUPPORT = {"process.hpp", "files.hpp", "terminal.hpp"}
# Reads the machine's time or another process-wide thing; pure code is told the time.
IMPURE_WORDS = re.compile(r"\b(SystemClock|system_clock::now|steady_clock::now|getenv|std::ofstream|std::ifstream)\b")

# Which folder or file of src/ alone may include these headers of other projects.
HOME_OF_LIBRARY = {"git2": "git", "CLI": "cli/syntax.cpp", "curl": "http", "toml++": "changeling", "absl": "schedule",
                   "boost": "server"}
LIBGIT2_NAME = re.compile(
    r"\b(?:git_(?:annotated|attr|blame|blob|branch|buf|cert|checkout|cherrypick|clone|commit|config|credential|diff"
    r"|error|ignore|index|libgit2|mempack|merge|note|object|odb|oid|packbuilder|patch|pathspec|rebase|refdb|reference"
    r"|reflog|refspec|remote|repository|revert|revparse|revwalk|signature|stash|status|strarray|submodule|tag|time"
    r"|transaction|tree|treebuilder|worktree)(?:_[a-z0-9_]+)?|GIT_[A-Z0-9]+(?:_[A-Z0-9_]+)?)\b")


def sources(root):
    """(path relative to the root, text) of every source file below src/, in order."""
    return [(path.relative_to(root).as_posix(), path.read_text())
            for path in sorted((root / "src").rglob("*")) if path.suffix in SOURCE_SUFFIXES]


def includes(text):
    """(line number, opening bracket, name) of each #include."""
    return [(text.count("\n", 0, match.start(1)) + 1, match.group(1), match.group(2))
            for match in INCLUDE.finditer(text)]


def floors(root):
    """The floors, lowest first, as src/CMakeLists.txt adds them."""
    return SUBDIRECTORY.findall((root / "src" / "CMakeLists.txt").read_text())


def floor_of(path):
    """"git" for "src/git/tree.cpp", nothing for "src/main.cpp"."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else None


def upward_includes(root):
    order = {floor: height for height, floor in enumerate(floors(root))}
    found = []
    for path, text in sources(root):
        own = floor_of(path)
        if own is None:
            continue
        if own not in order:
            found.append(f"{path}: folder {own} is not in src/CMakeLists.txt")
            continue
        for line, bracket, name in includes(text):
            other = name.split("/")[0] if "/" in name else None
            if bracket == '"' and other is None:
                found.append(f'{path}:{line}: "{name}" must be included as "{own}/{name}"')
            elif bracket == '"' and other not in order:
                found.append(f'{path}:{line}: "{name}" is in no floor of src/CMakeLists.txt')
            elif bracket == '"' and order[other] > order[own]:
                found.append(f'{path}:{line}: {own} includes upward: "{name}"')
    return found


def includes_beyond_the_declared_floors(root):
    """A floor links what its changeling_floor(… ON …) line names; its includes must keep to that."""
    declared = {}
    for file in sorted((root / "src").glob("*/CMakeLists.txt")):
        call = re.search(r"changeling_floor\((\w+)([^)]*)\)", file.read_text())
        if call:
            on = re.search(r"\bON\s+([a-z_\s]+)", call.group(2))
            declared[call.group(1)] = set(on.group(1).split()) if on else set()
    found = []
    for path, text in sources(root):
        own = floor_of(path)
        for line, bracket, name in includes(text):
            other = name.split("/")[0]
            if own in declared and bracket == '"' and "/" in name and other != own and other not in declared[own]:
                found.append(f'{path}:{line}: "{name}", but src/{own}/CMakeLists.txt does not name {other} after ON')
    return found


# Each costs seconds and hundreds of megabytes to compile.
UNITS_WITH_BOOST = {"src/server/http_server.cpp", "src/server/websocket.cpp"}


def units_with_boost_elsewhere(root):
    """Boost comes through headers, too; whoever includes one of those compiles all of it."""
    texts = dict(sources(root))
    with_boost = {path for path, text in texts.items()
                  if any(bracket == "<" and name.startswith("boost/") for _, bracket, name in includes(text))}
    while True:
        further = {path for path, text in texts.items() if path not in with_boost
                   and any(bracket == '"' and f"src/{name}" in with_boost for _, bracket, name in includes(text))}
        if not further:
            break
        with_boost |= further
    units = {path for path in with_boost if path.endswith(".cpp")}
    return [f"{path}: compiles Boost" for path in sorted(units - UNITS_WITH_BOOST)]


def impurities(root):
    found = []
    for path, text in sources(root):
        own = floor_of(path)
        if own not in PURE_FLOORS:
            continue
        allowed = PURE_FLOORS[own] | {own, "support"}
        for line, bracket, name in includes(text):
            other, _, file = name.partition("/")
            if bracket != '"':
                continue
            if other not in allowed:
                found.append(f'{path}:{line}: {own} is pure and may not include "{name}"')
            elif other == "support" and file in IMPURE_SUPPORT:
                found.append(f'{path}:{line}: {own} is pure, "{name}" reaches outside the process')
        for line, code in _code_lines(text):
            word = IMPURE_WORDS.search(code)
            if word:
                found.append(f"{path}:{line}: {own} is pure and may not use {word.group(1)}")
    return found


def libraries_outside_their_home(root):
    found = []
    for path, text in sources(root):
        own = floor_of(path)
        for line, bracket, name in includes(text):
            library = re.split(r"[/.]", name)[0]
            home = HOME_OF_LIBRARY.get(library)
            if bracket == "<" and home is not None and not f"{path}/".startswith(f"src/{home}/"):
                found.append(f"{path}:{line}: <{name}> belongs to src/{home} alone")
            if name == "nlohmann/json.hpp" and path.endswith(".hpp") and path != "src/support/json.hpp":
                found.append(f"{path}:{line}: headers take <nlohmann/json_fwd.hpp>, it compiles ten times faster")
        if own != "git":
            for line, code in _code_lines(text):
                for word in LIBGIT2_NAME.findall(code):
                    found.append(f"{path}:{line}: {word} is a name of libgit2 and belongs to src/git alone")
    return found


def printing_outside_the_command_line(root):
    """The library never prints; floors below cli hand back data."""
    printing = re.compile(r"\b(?:std::cout|std::cerr|std::clog|printf|puts|fputs|fmt::print|std::exit|_exit)\s*[(<;]")
    found = []
    for path, text in sources(root):
        if floor_of(path) in (None, "cli"):
            continue
        for line, code in _code_lines(text):
            word = printing.search(code)
            # A forked child leaves with _exit after a failed exec; there is no other way.
            if word and not (word.group(0).startswith("_exit") and
                             (path.startswith("src/support/") or path in FORKING)):
                found.append(f"{path}:{line}: prints or exits ({word.group(0).rstrip('(<; ')}); only src/cli may")
    return found


def terminals_below_the_command_line(root):
    """What is shown, and how, is for who asked; below cli a message goes to an observer."""
    terminal = re.compile(r"\b(?:Terminal\s*(?:&|::|\w+[;({])|styled\s*\(|format_table\s*\(|isatty\s*\(|std(?:err|out)\b"
                          r"|STD(?:ERR|OUT)_FILENO)")
    return [f"{path}:{line}: knows a terminal ({word.group(0)}); only src/cli and src/support may"
            for path, text in sources(root) if floor_of(path) not in (None, "cli", "support")
            for line, code in _code_lines(text) for word in [terminal.search(code)] if word]


# Every text leaves here: it is made harmless on its way, see docs/text-of-others.md.
EXIT = ("src/cli/output.cpp", "src/cli/pager.cpp")


def output_past_the_exit(root):
    writing = re.compile(r"\bstd(?:out|err)\b|\bstd::(?:cout|cerr|clog)\b|\b(?:printf|puts)\s*\(|\bfmt::print\b"
                         r"|::write\s*\(\s*(?:STD(?:OUT|ERR)_FILENO|[12]\b)")
    return [f"{path}:{line}: writes past cli/output ({word.group(0)})"
            for path, text in sources(root) if floor_of(path) == "cli" and path not in EXIT
            for line, code in _code_lines(text) for word in [writing.search(code)] if word]


# Where a fork may be: before an exec, or where no thread can have been started yet.
FORKING = ("src/support/spawn.cpp", "src/support/keeper.cpp", "src/support/detach.cpp", "src/sandbox/inside.cpp")


def forks_elsewhere(root):
    """A fork copies the thread that calls it alone; whatever others were to do is lost in the copy."""
    forking = re.compile(r"\b(?:v?fork|_Fork|clone3?|daemon)\s*\(")
    return [f"{path}:{line}: starts a process by itself ({word.group(0).rstrip('( ')}); see project/own_program.hpp"
            for path, text in sources(root) if path not in FORKING
            for line, code in _code_lines(text) for word in [forking.search(code)] if word]


def long_files(root, limit=500):
    return [f"{path}: {lines} lines, more than {limit}; it is asking for a second room"
            for path, text in sources(root) if (lines := text.count("\n")) > limit]


def unmentioned_in_the_architecture(root):
    """docs/architecture.md is the map: every folder of src/ has to be on it."""
    page = root / "docs" / "architecture.md"
    if not page.is_file():
        return ["docs/architecture.md is missing"]
    text = page.read_text()
    folders = {path.name for path in (root / "src").iterdir() if path.is_dir()} | set(floors(root))
    return [f"docs/architecture.md does not mention `{folder}`" for folder in sorted(folders)
            if f"`{folder}`" not in text and f"`src/{folder}`" not in text and f"`{folder}/`" not in text]


SETTING = re.compile(r'"(changeling\.[A-Za-z]+)"')
READING = re.compile(r'(?:\bconfig(?:_all|_bool|_integer)?|_setting|\bchosen)\(\s*(?:[\w.()>-]+,\s*)*"(changeling\.[A-Za-z]+)"')
SETTINGS_TABLE = "src/project/settings.cpp"


def settings_outside_the_table(root):
    """Help, man page, hints and checks are made from one table; a key that is read elsewhere has its row there."""
    table = set(SETTING.findall((root / SETTINGS_TABLE).read_text()))
    found, named = [], set()
    for path, text in sources(root):
        if path == SETTINGS_TABLE:
            continue
        named.update(SETTING.findall(text))
        found += [f"{path}: reads {key}, which {SETTINGS_TABLE} does not have"
                  for key in READING.findall(text) if key not in table]
    found += [f"{SETTINGS_TABLE}: nothing reads {key}" for key in sorted(table - named)]
    pages = [root / "README.md", *sorted((root / "docs").glob("*.md"))]
    for page in pages:
        if not page.is_file():
            continue
        for key in re.findall(r"\bchangeling\.[a-z]+[A-Z]\w*", page.read_text()):
            if key not in table:
                found.append(f"{page.relative_to(root)}: {key} is no setting")
    return found


def _code_lines(text):
    """(line number, line) with comments and string literals blanked out."""
    text = re.sub(r'R"(\w*)\(.*?\)\1"', lambda match: "\n" * match.group(0).count("\n"), text, flags=re.DOTALL)
    text = re.sub(r"/\*.*?\*/", lambda match: "\n" * match.group(0).count("\n"), text, flags=re.DOTALL)
    for number, line in enumerate(text.splitlines(), start=1):
        line = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
        yield number, line.split("//")[0]
