// Runs the command line of the template typo-sprite, with the real codespell and git, in a scratch
// repository.
#include <doctest/doctest.h>

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "changeling/resolution.hpp"
#include "changeling/templates.hpp"

using namespace changeling;
namespace fs = std::filesystem;

namespace {

class ScratchRepository {
 public:
  ScratchRepository() {
    std::string pattern = (fs::temp_directory_path() / "typo-sprite-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    root_ = pattern;
    fs::create_directories(root_ / "repository");
    write("../run.sh", std::get<std::string>(find_template("typo-sprite").layer.values.at("run")));
    git("init --quiet");
  }
  ~ScratchRepository() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  ScratchRepository(const ScratchRepository&) = delete;
  ScratchRepository& operator=(const ScratchRepository&) = delete;

  void write(const std::string& path, const std::string& content) const {
    const fs::path file = root_ / "repository" / path;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }
  std::string read(const std::string& path) const {
    std::ifstream file(root_ / "repository" / path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
  }
  std::string pull_request() const { return read("../artifacts/pull-request.md"); }
  std::string output() const { return read("../output"); }
  bool handed_in() const { return fs::exists(root_ / "artifacts" / "pull-request.md"); }

  void git(const std::string& arguments) const { REQUIRE(shell("git " + arguments) == 0); }
  /// As a run does it: everything tracked, then the command line with /bin/sh.
  int run_template(const std::string& arguments = "", const std::string& environment = "") const {
    git("add --all");
    return shell(environment + " CHANGELING_ARTIFACTS='" + (root_ / "artifacts").string() +
                 "' /bin/sh ../run.sh " + arguments);
  }

 private:
  int shell(const std::string& command) const {
    const std::string line =
        "cd '" + (root_ / "repository").string() +
        "' && unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE && export GIT_CONFIG_GLOBAL=/dev/null && (" +
        command + ") >../output 2>&1";
    const int status = std::system(line.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
  }
  fs::path root_;
};

}  // namespace

TEST_CASE("typo-sprite corrects tracked text and says what it did") {
  const ScratchRepository repository;
  repository.write("docs/guide.md", "You recieve teh letter.\r\nIt occured, and occured again.\n");
  repository.write("src/a b's.c", "/* seperate */\nint recieve_count;\n");
  repository.write("latin1.txt", "caf\xe9 recieve\n");
  REQUIRE(repository.run_template() == 0);

  CHECK(repository.read("docs/guide.md") == "You receive the letter.\r\nIt occurred, and occurred again.\n");
  CHECK(repository.read("src/a b's.c") == "/* separate */\nint recieve_count;\n");
  CHECK(repository.read("latin1.txt") == "caf\xe9 receive\n");
  CHECK(repository.pull_request() ==
        "Fix 6 typos in 3 files\n"
        "\n"
        "Spelling mistakes in tracked text files that have exactly one correction in the dictionary of "
        "codespell.\n"
        "\n"
        "| File | Typo | Correction | Times |\n|---|---|---|---:|\n"
        "| `docs/guide.md` | occured | occurred | 2 |\n"
        "| `docs/guide.md` | recieve | receive | 1 |\n"
        "| `docs/guide.md` | teh | the | 1 |\n"
        "| `latin1.txt` | recieve | receive | 1 |\n"
        "| `src/a b's.c` | seperate | separate | 1 |\n");
  CHECK(repository.output() == "Fix 6 typos in 3 files\n");
}

TEST_CASE("typo-sprite corrects comments and never code") {
  struct Row {
    std::string file, before, after;
  };
  const std::vector<Row> rows = {
      {"a.c", "// recieve\n/// recieve it\n/* recieve */\n * recieve\nint recieve;\n",
       "// receive\n/// receive it\n/* receive */\n * receive\nint recieve;\n"},
      {"b.c", "foo(x);  // recieve it\nfoo(recieve);  // recieve it\nint a; /* seperate */\n",
       "foo(x);  // receive it\nfoo(recieve);  // recieve it\nint a; /* separate */\n"},
      {"c.c", "/* seperate */ int seperate;\n*seperate = 1;\n#define seperate 2\n",
       "/* seperate */ int seperate;\n*seperate = 1;\n#define seperate 2\n"},
      {"d.py",
       "#!/usr/bin/env seperate\n# seperate\nclass OnlyOnce:\n    \"\"\"Seperate words.\n\n    It may "
       "recieve many of them.\n    \"\"\"\n    x.uptodate = \"recieve\"\n",
       "#!/usr/bin/env seperate\n# separate\nclass OnlyOnce:\n    \"\"\"Separate words.\n\n    It may "
       "receive many of them.\n    \"\"\"\n    x.uptodate = \"recieve\"\n"},
      {"e.sh", "recieve --seperate  # occured here\n", "recieve --seperate  # occurred here\n"},
      {"f.json", "{\"recieve\": \"recieve\"}\n", "{\"recieve\": \"recieve\"}\n"},
      {"g.yaml", "recieve: seperate # occured\n", "recieve: seperate # occurred\n"},
      {"CMakeLists.txt", "set(recieve seperate)\n", "set(recieve seperate)\n"},
      {"doc.md", "uptodate: `recieve`, seperateIt\n", "up-to-date: `recieve`, seperateIt\n"},
      {"README", "recieve(seperate)\n", "receive(separate)\n"},
  };
  const ScratchRepository repository;
  for (const Row& row : rows) repository.write(row.file, row.before);
  REQUIRE(repository.run_template() == 0);
  for (const Row& row : rows) {
    CAPTURE(row.file);
    CHECK(repository.read(row.file) == row.after);
  }
}

TEST_CASE("typo-sprite speaks of one typo in one file") {
  const ScratchRepository repository;
  repository.write("README", "recieve\n");
  REQUIRE(repository.run_template() == 0);
  CHECK(repository.pull_request().starts_with("Fix 1 typo in 1 file\n"));
}

TEST_CASE("typo-sprite leaves alone what is not the project's own prose, and what has several corrections") {
  const ScratchRepository repository;
  const std::vector<std::string> untouched = {
      "vendor/a.c",     "lib/node_modules/x/i.js", "Cargo.lock",     "package-lock.json", "app.min.js",
      "po/de.po",       "tests/fixtures/in.txt",   "fix.patch",      "LICENSE",           "data.csv",
      "gen/schema.txt", "src/testdata/x.md",       "docs/LICENCE-2", "locale/de/app.txt", "icon.svg"};
  for (const std::string& path : untouched) repository.write(path, "recieve\n");
  repository.write(".gitattributes", "gen/** linguist-generated\n");
  repository.write("binary.dat", std::string("recieve\0\n", 9));
  repository.write("link.md", "Look at https://example.org/recieve and recieve it.\n");
  repository.write("names.md", "RECIEVE nam ser\n");
  repository.write("several.md", "The buring fo\n");
  repository.write(".gitignore", "ignored.txt\n");
  repository.write("ignored.txt", "recieve\n");
  REQUIRE(repository.run_template() == 0);
  for (const std::string& path : untouched) {
    CAPTURE(path);
    CHECK(repository.read(path) == "recieve\n");
  }
  CHECK(repository.read("binary.dat") == std::string("recieve\0\n", 9));
  CHECK(repository.read("link.md") == "Look at https://example.org/recieve and recieve it.\n");
  CHECK(repository.read("names.md") == "RECIEVE nam ser\n");
  CHECK(repository.read("several.md") == "The buring fo\n");
  CHECK(repository.read("ignored.txt") == "recieve\n");
}

TEST_CASE("typo-sprite changes nothing when there is nothing to correct, and says so") {
  const ScratchRepository repository;
  SUBCASE("text without mistakes") {
    repository.write("README", "All is well.\n");
    CHECK(repository.run_template() == 0);
    CHECK(repository.output() == "no unambiguous typo in 1 text files\n");
  }
  SUBCASE("an empty repository") {
    CHECK(repository.run_template() == 0);
    CHECK(repository.output() == "no unambiguous typo in 0 text files\n");
  }
  SUBCASE("only words with several corrections") {
    repository.write("README", "buring alse\n");
    CHECK(repository.run_template() == 0);
    CHECK(repository.read("README") == "buring alse\n");
  }
  CHECK_FALSE(repository.handed_in());
}

TEST_CASE("typo-sprite obeys the project's settings for codespell") {
  const ScratchRepository repository;
  repository.write(".codespellrc",
                   "[codespell]\nignore-words-list = recieve\nskip = skipped.md\nsummary =\ncount =\n");
  repository.write("README", "recieve occured\n");
  repository.write("skipped.md", "occured\n");
  REQUIRE(repository.run_template() == 0);
  CHECK(repository.read("README") == "recieve occurred\n");
  CHECK(repository.read("skipped.md") == "occured\n");
  CHECK(repository.pull_request().starts_with("Fix 1 typo in 1 file\n"));
}

TEST_CASE("typo-sprite keeps to the paths given as arguments") {
  const ScratchRepository repository;
  repository.write("docs/a.md", "recieve\n");
  repository.write("src/a.md", "recieve\n");
  REQUIRE(repository.run_template("docs") == 0);
  CHECK(repository.read("docs/a.md") == "receive\n");
  CHECK(repository.read("src/a.md") == "recieve\n");
}

TEST_CASE("typo-sprite leaves alone what shows something instead of saying it") {
  struct Row {
    std::string file, before, after;
  };
  const std::vector<Row> rows = {
      {"fence.md", "Recieve:\n\n```sh\nrecieve\n```\n\n~~~~\nrecieve\n```\nrecieve\n~~~~\nseperate\n",
       "Receive:\n\n```sh\nrecieve\n```\n\n~~~~\nrecieve\n```\nrecieve\n~~~~\nseparate\n"},
      {"indented.md", "Recieve:\n\n    recieve\n\n* seperate\n\n    occured\n\n        recieve it\n",
       "Receive:\n\n    recieve\n\n* separate\n\n    occurred\n\n        recieve it\n"},
      {"front.md", "---\ntitle: recieve\n---\n> recieve\n\n<pre>\nrecieve\n</pre>\nseperate\n",
       "---\ntitle: recieve\n---\n> recieve\n\n<pre>\nrecieve\n</pre>\nseparate\n"},
      {"quoted.md", "It says \"recieve\" and occured.\nIt says \"recieve\" for recieve.\n",
       "It says \"recieve\" and occurred.\nIt says \"recieve\" for recieve.\n"},
      {"talk.md", "User: please recieve it\nand seperate\n\n$ ls recieve\nrecieve\n\noccured\n",
       "User: please recieve it\nand seperate\n\n$ ls recieve\nrecieve\n\noccurred\n"},
      {"a=b.rst", "Recieve it::\n\n  recieve\n\n.. code-block:: c\n\n   recieve\n\n.. note::\n   seperate\n",
       "Receive it::\n\n  recieve\n\n.. code-block:: c\n\n   recieve\n\n.. note::\n   separate\n"},
      {"listing.adoc", "----\nrecieve\n----\nseperate\n", "----\nrecieve\n----\nseparate\n"},
      {"man.1", ".nf\nrecieve\n.fi\nseperate\n", ".nf\nrecieve\n.fi\nseparate\n"},
      {"prompt.py",
       "# recieve\nASK = \"\"\"You recieve the text and seperate it.\n# Recieve\nYou recieve what was said "
       "to you\n\"\"\"\n"
       "def f():\n    \"\"\"Seperate it.\n\n    >>> recieve(1)\n    recieve\n    \"\"\"\n",
       "# receive\nASK = \"\"\"You recieve the text and seperate it.\n# Recieve\nYou recieve what was said "
       "to you\n\"\"\"\n"
       "def f():\n    \"\"\"Separate it.\n\n    >>> recieve(1)\n    recieve\n    \"\"\"\n"},
      {"ask.sh", "# recieve\ncat <<EOF\n# recieve this\nyou recieve the thing in here\nEOF\n# seperate\n",
       "# receive\ncat <<EOF\n# recieve this\nyou recieve the thing in here\nEOF\n# separate\n"},
      {"ask.yaml", "# recieve\nprompt: |\n  # recieve it\n  You recieve it now and then\nnext: 1 # occured\n",
       "# receive\nprompt: |\n  # recieve it\n  You recieve it now and then\nnext: 1 # occurred\n"},
      {"ask.ts", "// recieve\nconst p = `\nYou recieve it now and then\n// seperate it\n`;\n// occured\n",
       "// receive\nconst p = `\nYou recieve it now and then\n// seperate it\n`;\n// occurred\n"},
      {"doc.rs", "/// recieve\n/// ```\n/// recieve it\n/// ```\n/// seperate\n",
       "/// receive\n/// ```\n/// recieve it\n/// ```\n/// separate\n"},
      {"no-end.txt", "Recieve:\n\n    recieve", "Recieve:\n\n    recieve"},
      {"latin1.txt", "caf\xe9 recieve\n\n    caf\xe9 recieve\n", "caf\xe9 recieve\n\n    caf\xe9 recieve\n"},
  };
  const ScratchRepository repository;
  for (const Row& row : rows) repository.write(row.file, row.before);
  const std::vector<std::string> untouched = {"prompts/a.md", "src/system_prompt.txt", "CLAUDE.md",
                                              "agents.md",    "docs/transcript-1.txt", "a.jsonl",
                                              "samples/a.md", "__snapshots__/a.md",    ".claude/x.md"};
  for (const std::string& path : untouched) repository.write(path, "recieve\n");
  REQUIRE(repository.run_template() == 0);
  for (const Row& row : rows) {
    CAPTURE(row.file);
    CHECK(repository.read(row.file) == row.after);
  }
  for (const std::string& path : untouched) {
    CAPTURE(path);
    CHECK(repository.read(path) == "recieve\n");
  }
}

TEST_CASE("typo-sprite proposes what a person can look through, and the rest next time") {
  const ScratchRepository repository;
  std::string text;
  for (int line = 1; line <= 50; ++line) text += "Line " + std::to_string(line) + ": recieve\n";
  repository.write("a.md", text);
  repository.write("z.md", "occured\n");
  SUBCASE("forty, if nobody says otherwise") {
    REQUIRE(repository.run_template() == 0);
    CHECK(repository.pull_request().starts_with("Fix 40 typos in 1 file\n"));
    CHECK(repository.pull_request().find("11 typos left for the next time.") != std::string::npos);
    CHECK(repository.read("a.md").find("Line 40: receive\nLine 41: recieve\n") != std::string::npos);
    REQUIRE(repository.run_template() == 0);
    CHECK(repository.pull_request().starts_with("Fix 11 typos in 2 files\n"));
  }
  SUBCASE("another number, and what the open request holds counts") {
    repository.git("add --all");
    repository.git("-c user.name=a -c user.email=a@example.com commit -q -m base");
    REQUIRE(repository.run_template("", "TYPO_LIMIT=3 CHANGELING_BASE=HEAD") == 0);
    CHECK(repository.pull_request().starts_with("Fix 3 typos in 1 file\n"));
    repository.git("-c user.name=a -c user.email=a@example.com commit -q -a -m typos");
    const std::string before = repository.read("a.md");
    REQUIRE(repository.run_template("", "TYPO_LIMIT=3 CHANGELING_BASE=HEAD~1") == 0);
    CHECK(repository.read("a.md") == before);
    CHECK(repository.output().find("holds 3 lines already") != std::string::npos);
    REQUIRE(repository.run_template("", "TYPO_LIMIT=5 CHANGELING_BASE=HEAD~1") == 0);
    CHECK(repository.pull_request().starts_with("Fix 2 typos in 1 file\n"));
  }
  SUBCASE("no number") {
    CHECK(repository.run_template("", "TYPO_LIMIT=many") == 1);
    CHECK(repository.output().find("--env TYPO_LIMIT=40") != std::string::npos);
  }
}

TEST_CASE("typo-sprite fails with a reason") {
  const ScratchRepository repository;
  repository.write("README", "recieve\n");
  SUBCASE("when codespell is not installed") {
    CHECK(repository.run_template("", "PATH=/nonexistent") == 1);
    CHECK(repository.output().find("apt-get install codespell") != std::string::npos);
  }
  SUBCASE("when the project's settings for codespell are broken") {
    repository.write(".codespellrc", "[codespell]\nno-such-option = 1\n");
    CHECK(repository.run_template() != 0);
    CHECK(repository.output().find("no-such-option") != std::string::npos);
  }
  CHECK(repository.read("README") == "recieve\n");
  CHECK_FALSE(repository.handed_in());
}

TEST_CASE("typo-sprite leaves alone what is a name, a part of one, or has its letters marked") {
  const ScratchRepository repository;
  const std::vector<std::string> untouched = {
      "compares a (c)ommit and an (o)bject, a [c]ommit, q)uitt",
      "We add +git psuh+ here",
      "The option --recieve of seperate.recieve and seperate::it",
      "See \\recieve and @recieve and $recieve and x->recieve",
  };
  std::string text;
  for (const std::string& line : untouched) text += line + " seen occured\n";
  repository.write("README", text);
  REQUIRE(repository.run_template() == 0);
  for (const std::string& line : untouched) {
    CAPTURE(line);
    CHECK(repository.read("README").find(line + " seen occurred\n") != std::string::npos);
  }
}

TEST_CASE("typo-sprite knows a word of the project by how often the code uses it") {
  const ScratchRepository repository;
  repository.write(
      "src/push.c",
      "int cmd_psuh(int psuh_count);\nint psuh;\nvoid doPsuh(void) {\n  psuh();\n  psuh_it(psuh, "
      "PSUH);\n}\n"
      "/* seperate */\nint seperate;\n");
  repository.write("README", "The declaration of psuh, which is no typo. It occured.\n");
  REQUIRE(repository.run_template() == 0);
  CHECK(repository.read("README") == "The declaration of psuh, which is no typo. It occurred.\n");
  CHECK(repository.read("src/push.c").find("/* separate */\nint seperate;\n") != std::string::npos);
  CHECK(repository.pull_request().starts_with("Fix 2 typos in 2 files\n"));
}

TEST_CASE("typo-sprite knows copies of other projects by their folder and by what brought them") {
  const ScratchRepository repository;
  const std::vector<std::string> copies = {
      "deps/pcre/a.md", "lib/Deps/a.md", "extern/a.md",      "external/a.md",    "x/externals/a.md",
      "third_party/a",  "thirdparty/a",  "Third-Party/a.md", "vendored/a.md",    "py/_vendor/a.md",
      "subprojects/a",  "Pods/x/a.md",   "own name/a.md",    "copied/deep/a.md", "Godeps/a.md"};
  for (const std::string& path : copies) repository.write(path, "recieve\n");
  repository.write("copied/.gitrepo", "[subrepo]\n");
  repository.write("depsology/a.md", "recieve\n");
  repository.git("add --all");
  repository.git(
      "-c user.name=a -c user.email=a@example.com commit -q -m \"Squashed 'own name/' content\" -m "
      "'git-subtree-dir: own name\ngit-subtree-split: 0000'");
  REQUIRE(repository.run_template() == 0);
  for (const std::string& path : copies) {
    CAPTURE(path);
    CHECK(repository.read(path) == "recieve\n");
  }
  CHECK(repository.read("depsology/a.md") == "receive\n");
}
