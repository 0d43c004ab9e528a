#include "store/packing.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../temporary_repository.hpp"
#include "store/store.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::testing::TemporaryRepository;
namespace fs = std::filesystem;

namespace {

struct Here {
  Here() { store.initialize(); }
  void write(int count) {
    for (int number = 0; number < count; ++number, ++written)
      store.update({"write", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
        change.write("tasks/" + std::to_string(written), "text " + std::to_string(written));
      });
  }
  std::size_t files(const fs::path& folder, const std::string& ending) const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder)) count += entry.path().extension() == ending;
    return count;
  }
  std::size_t packs() const { return files(repository.common_directory() / "objects" / "pack", ".pack"); }
  std::size_t loose() const {
    std::size_t count = 0;
    for (const auto& folder : fs::directory_iterator(repository.common_directory() / "objects")) {
      if (folder.path().filename().string().size() != 2) continue;
      for ([[maybe_unused]] const auto& file : fs::directory_iterator(folder)) ++count;
    }
    return count;
  }
  store::Packing packing() const {
    return store::Packing(repository.common_directory(), repository.common_directory() / "changelings");
  }

  TemporaryRepository home;
  Environment environment{
      {{"PATH", "/usr/bin:/bin"}, {"GIT_CONFIG_NOSYSTEM", "1"}, {"GIT_CONFIG_GLOBAL", "/dev/null"}}};
  git::Repository repository = git::Repository::discover(home.path(), environment);
  SystemClock clock;
  SystemProcessRunner processes;
  git::GitProgram git{processes, environment, home.path()};
  store::Store store{repository, clock, std::string(store::default_reference),
                     git::Identity{"A", "a@example.com"},
                     repository.common_directory() / "changelings" / "store.lock"};
  int written = 0;
};

}  // namespace

TEST_CASE("what the state leads to goes into a pack, what the user has lying around stays") {
  Here here;
  here.home.git("hash-object -w --stdin </dev/null");
  const std::size_t before = here.loose();
  here.write(40);
  CHECK(here.loose() > before + 80);
  CHECK(here.packing().pack(here.git, here.store.reference()) == store::Packing::Outcome::Packed);
  CHECK(here.packs() == 1);
  CHECK(here.loose() <= before);
  CHECK(here.store.snapshot().read("tasks/17") == "text 17");
  here.home.git("fsck --strict");
}

TEST_CASE("each time packs only what has come since, and ten packs become one") {
  Here here;
  for (int turn = 0; turn < 9; ++turn) {
    here.write(3);
    here.packing().pack(here.git, here.store.reference());
  }
  CHECK(here.packs() == 9);
  here.write(3);
  here.packing().pack(here.git, here.store.reference());
  CHECK(here.packs() == 1);
  for (int number = 0; number < here.written; ++number)
    CHECK(here.store.snapshot().read("tasks/" + std::to_string(number)) == "text " + std::to_string(number));
  here.home.git("fsck --strict");
}

TEST_CASE("nothing to pack is no error, nor a note of a commit that is gone") {
  Here here;
  here.packing().pack(here.git, here.store.reference());
  here.packing().pack(here.git, here.store.reference());
  write_file(here.repository.common_directory() / "changelings" / "packed",
             "0\n1111111111111111111111111111111111111111\n");
  here.write(1);
  CHECK(here.packing().pack(here.git, here.store.reference()) == store::Packing::Outcome::Packed);
  CHECK(here.store.snapshot().read("tasks/0") == "text 0");
}

TEST_CASE("it is due when more has come than is allowed, and not again for what had to stay") {
  Here here;
  CHECK_FALSE(here.packing().is_due(256));
  const fs::path sample = here.repository.common_directory() / "objects" / "17";
  for (const char* name : {"a", "b", "c"}) write_file(sample / name, "");
  CHECK(here.packing().is_due(512));
  CHECK_FALSE(here.packing().is_due(768));
  here.packing().pack(here.git, here.store.reference());
  CHECK_FALSE(here.packing().is_due(512));
}

TEST_CASE("it stays away while a gc is at work, or another one packs") {
  Here here;
  here.write(2);
  {
    const auto lock = FileLock::try_acquire(here.repository.common_directory() / "changelings" / "pack.lock");
    CHECK(here.packing().pack(here.git, here.store.reference()) == store::Packing::Outcome::Busy);
  }
  write_file(here.repository.common_directory() / "gc.pid", std::to_string(::getpid()) + " host\n");
  CHECK(here.packing().pack(here.git, here.store.reference()) == store::Packing::Outcome::Busy);
  CHECK(here.packs() == 0);
}

TEST_CASE("what stops one attempt does not make the next hundred commands try again") {
  Here here;
  const fs::path sample = here.repository.common_directory() / "objects" / "17";
  for (const char* name : {"a", "b"}) write_file(sample / name, "");
  CHECK(here.packing().is_due(256));
  CHECK_THROWS_AS(here.packing().pack(here.git, "refs/changelings/nowhere"), Error);
  CHECK_FALSE(here.packing().is_due(256));
}
