#include "run/user_drivers.hpp"

#include <doctest/doctest.h>

using namespace changeling;
using changeling::git::ConfigEntries;

namespace {

/// The names of those that come with a branch that has these files.
std::string of_branch(const std::string& key, const std::string& command) {
  const auto found = run::drivers_of_branch({{key, command}}, [](const std::string& path) {
    return path == "tools/strip" || path == "strip.py" || path == "clean" || path == "s/a/b/";
  });
  return found.empty() ? "" : found.front().name;
}

}  // namespace

TEST_CASE("filters and merge drivers are set apart from git-lfs' and from all other settings") {
  const ConfigEntries others{{"core.eol", "lf"},
                             {"filter.lfs.clean", "git-lfs clean -- %f"},
                             {"filter.lfs.process", "git-lfs filter-process"},
                             {"filter.lfs.required", "true"},
                             {"merge.conflictstyle", "diff3"},
                             {"merge.lfs.driver", "git lfs merge-driver %O %A %B"}};
  const ConfigEntries drivers{{"filter.strip.clean", "./tools/strip"},
                              {"filter.strip.required", "true"},
                              {"merge.mine.driver", "mine %A"},
                              {"merge.mine.name", "my own"},
                              {"filter.fake.clean", "git-lfs clean -- %f; ./x"}};
  ConfigEntries all = others;
  all.insert(all.end(), drivers.begin(), drivers.end());
  all.insert(all.end(), {{"diff.external", "./show"}, {"diff.nb.textconv", "./text"}});
  const run::SplitSettings split = run::split_drivers(all);
  CHECK(split.others == others);
  CHECK(split.drivers == drivers);
}

TEST_CASE("a driver comes with the branch when its words name a file of that") {
  for (const char* command :
       {"./tools/strip", "tools/strip", "../strip", "sh tools/strip", "python3 -u strip.py", "cat | ./strip",
        "sh -c 'exec ./strip'", "sh clean", "env X=1 ./strip", "tools/new %f"}) {
    CAPTURE(command);
    CHECK(of_branch("filter.strip.clean", command) == "filter.strip");
  }
  for (const char* command : {"strip", "/usr/local/bin/strip", "~/bin/strip", "sed s/x/y/", "git-crypt clean",
                              "python3 /opt/strip.py", "nbstripout -f other.py", "clean"}) {
    CAPTURE(command);
    CHECK(of_branch("filter.strip.smudge", command).empty());
  }
  CHECK(of_branch("merge.mine.driver", "./tools/md %O %A %B") == "merge.mine");
  CHECK(of_branch("merge.mine.name", "./tools/md").empty());
  CHECK(of_branch("filter.strip.required", "./true").empty());
}

TEST_CASE("git does without filters that are not run") {
  const ConfigEntries settings = run::without({{"filter.a", "filter.a.clean", "./a"},
                                               {"filter.b", "filter.b.process", "./b"},
                                               {"merge.c", "merge.c.driver", "./c"}});
  CHECK(settings == ConfigEntries{{"filter.a.clean", ""},
                                  {"filter.a.required", "false"},
                                  {"filter.b.process", ""},
                                  {"filter.b.required", "false"}});
}

TEST_CASE("what is said about it names the filter and what to do") {
  const run::DriverRefused error({"filter.strip", "filter.strip.clean", "./tools/strip"});
  CHECK(with_hint(error).find("the filter strip runs './tools/strip'") != std::string::npos);
  CHECK(error.hint().find("git config filter.strip.clean /path/to/program") != std::string::npos);
}
