#include <doctest/doctest.h>
#include <sys/stat.h>

#include "../temporary_repository.hpp"
#include "git/repository.hpp"
#include "git/shared_umask.hpp"

using namespace changeling;
using changeling::testing::TemporaryRepository;

namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

/// The umask of a test.
struct Umask {
  explicit Umask(mode_t mask) : before(::umask(mask)) {}
  ~Umask() { ::umask(before); }
  mode_t before;
};

}  // namespace

TEST_CASE("core.sharedRepository is understood as git does") {
  const auto mask = [](std::string_view setting) { return git::umask_of_shared_repository(setting, 0077); };
  CHECK(mask("group") == 0007);
  CHECK(mask("true") == 0007);
  CHECK(mask("all") == 0002);
  CHECK(mask("0660") == 0007);
  CHECK(mask("0640") == 0027);
  CHECK(mask("0664") == 0002);
  for (const char* nothing : {"", "false", "umask", "0", "0444", "0x", "nonsense"})
    CHECK_FALSE(mask(nothing));
}

TEST_CASE("what we write into a shared repository has the group's rights, and the process keeps its umask") {
  const Umask usual(0022);
  const TemporaryRepository home("--shared=group");
  auto repository = home.open();
  const auto blob = repository.write_blob("x");
  const auto tree = repository.edit_tree(repository.empty_tree(), {{"f", blob}});
  const auto commit = repository.create_commit(tree, {}, {"A", "a@example.com"}, Timestamp(), "m\n");
  repository.compare_and_swap("refs/changelings/state", std::nullopt, commit, "x");
  repository.set_config("changeling.base", "main");
  const auto git_directory = home.path() / ".git";
  CHECK((mode_of(git_directory / "objects" / blob.hex().substr(0, 2)) & 02770) == 02770);
  CHECK(mode_of(git_directory / "objects" / blob.hex().substr(0, 2) / blob.hex().substr(2)) == 0444);
  CHECK((mode_of(git_directory / "refs" / "changelings") & 02770) == 02770);
  CHECK((mode_of(git_directory / "refs" / "changelings" / "state") & 0060) == 0060);
  CHECK((mode_of(git_directory / "config") & 0060) == 0060);
  CHECK(git::current_umask() == 0022);
}

TEST_CASE("in a repository of one's own the umask counts") {
  const Umask careful(0077);
  const TemporaryRepository home;
  auto repository = home.open();
  const auto blob = repository.write_blob("x");
  CHECK((mode_of(home.path() / ".git" / "objects" / blob.hex().substr(0, 2)) & 0077) == 0);
  CHECK(mode_of(home.path() / ".git" / "objects" / blob.hex().substr(0, 2) / blob.hex().substr(2)) == 0400);
}
