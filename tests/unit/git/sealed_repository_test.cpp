#include "git/sealed_repository.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "../temporary_repository.hpp"
#include "git/config_text.hpp"
#include "git/program.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::testing::TemporaryRepository;
namespace fs = std::filesystem;

namespace {

struct SealedCase {
  SealedCase() : repository(home.open()), program(processes, testing::program_environment(), home.path()) {
    home.git("commit --allow-empty -m one");
    home.git("config remote.origin.url " + other.path().string());
    program.use(repository.place());
    seal = program.seal({home.path() / ".git/sealed", repository.place(),
                         git::config_text(repository.configuration_of_files())});
  }
  std::string said(const std::string& key) const { return program.run({"config", "--get", key}).output; }

  TemporaryRepository home;
  TemporaryRepository other;
  git::Repository repository;
  SystemProcessRunner processes;
  git::GitProgram program;
  std::shared_ptr<void> seal;
};

}  // namespace

TEST_CASE_FIXTURE(SealedCase, "settings that come later mean nothing, until the seal goes") {
  home.git("config remote.origin.pushurl elsewhere");
  write_file(home.path() / ".git/sealed/config", "[remote \"origin\"]\n\tpushurl = elsewhere\n");
  CHECK(said("remote.origin.pushurl").empty());
  CHECK(said("remote.origin.url") == other.path().string() + "\n");
  seal.reset();
  CHECK(said("remote.origin.pushurl") == "elsewhere\n");
}

TEST_CASE_FIXTURE(SealedCase, "references and objects are the repository's") {
  CHECK(program.run({"update-ref", "refs/heads/made", "HEAD"}).status.success());
  CHECK(repository.resolve("refs/heads/made") == repository.resolve("refs/heads/main"));
  home.git("pack-refs --all");
  home.git("branch -D made");
  CHECK_FALSE(program.run({"rev-parse", "--verify", "--quiet", "refs/heads/made"}).status.success());
  const auto head = *repository.resolve("refs/heads/main");
  CHECK(program.push("origin", head, "work").outcome == git::GitProgram::PushOutcome::Done);
  CHECK(other.open().resolve("refs/heads/work") == head);
  CHECK(repository.resolve("refs/remotes/origin/work") == std::nullopt);
}

TEST_CASE_FIXTURE(SealedCase, "no hook runs, sealed or not") {
  const fs::path hook = home.path() / ".git/hooks/reference-transaction";
  const fs::path ran = home.path() / "ran";
  SUBCASE("sealed") {}
  SUBCASE("not sealed") {
    seal.reset();
  }
  std::ofstream(hook) << "#!/bin/sh\ntouch '" << ran.string() << "'\n";
  ::chmod(hook.c_str(), 0755);
  CHECK(program.run({"update-ref", "refs/heads/made", "HEAD"}).status.success());
  CHECK_FALSE(fs::exists(ran));
}
