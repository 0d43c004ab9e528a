#include "project/approvals.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "../temporary_repository.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::project;
using changeling::testing::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

const std::string here = "abcdefghjkmnpqrs";
const Timestamp now = parse_timestamp("2026-01-02T03:04:05Z");

Environment environment_with(const std::string& name, const std::string& value) {
  Environment environment;
  environment.set(name, value);
  return environment;
}

struct Place {
  TemporaryFolder folder;
  Environment environment = environment_with("XDG_DATA_HOME", folder.path().string());
  Approvals approvals{environment, here};
  ApprovalSubject subject{ApprovalSubject::Kind::Changeling, "x", "run: make\n"};
  fs::path file = folder.path() / "git-changeling/approvals" / here / "changelings/x.json";

  std::string refusal() const {
    try {
      static_cast<void>(approvals.holds(subject));
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::Refused);
      CHECK_FALSE(error.hint().empty());
      return error.what();
    }
    return "";
  }
};

}  // namespace

TEST_CASE("an approval holds for exactly what was approved") {
  Place place;
  CHECK_FALSE(place.approvals.holds(place.subject));
  place.approvals.approve(place.subject, now);
  CHECK(place.approvals.holds(place.subject));
  const auto approval = place.approvals.find(place.subject);
  REQUIRE(approval);
  CHECK(approval->text == place.subject.text);
  CHECK(approval->approved_at == now);
  ApprovalSubject other = place.subject;
  other.text = "run: make evil\n";
  CHECK_FALSE(place.approvals.holds(other));
  CHECK(place.approvals.find(other));
  other = place.subject;
  other.kind = ApprovalSubject::Kind::Role;
  CHECK_FALSE(place.approvals.find(other));
  CHECK_FALSE(Approvals(place.environment, "bcdefghjkmnpqrst").holds(place.subject));
  CHECK_FALSE(Approvals(place.environment, "").holds(place.subject));
}

TEST_CASE("approvals are listed and taken back") {
  Place place;
  place.approvals.approve(place.subject, now);
  place.approvals.approve({ApprovalSubject::Kind::Role, "r", "prompt: x\n"}, now);
  CHECK(place.approvals.all().size() == 2);
  CHECK(place.approvals.revoke(ApprovalSubject::Kind::Changeling, "x"));
  CHECK_FALSE(place.approvals.revoke(ApprovalSubject::Kind::Changeling, "x"));
  CHECK_FALSE(place.approvals.holds(place.subject));
  CHECK(place.approvals.all().size() == 1);
}

TEST_CASE("files and folders are the owner's only") {
  Place place;
  ::umask(0);
  place.approvals.approve(place.subject, now);
  ::umask(022);
  CHECK((fs::status(place.file).permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  for (fs::path folder = place.file.parent_path(); folder != place.folder.path();
       folder = folder.parent_path())
    CHECK((fs::status(folder).permissions() & fs::perms::all) == fs::perms::owner_all);
}

TEST_CASE("an approval that others can read or write is refused, wherever it is open") {
  Place place;
  place.approvals.approve(place.subject, now);
  CHECK(place.refusal().empty());
  for (const fs::path& path : {place.file, place.file.parent_path(), place.file.parent_path().parent_path(),
                               place.folder.path() / "git-changeling/approvals"}) {
    for (const auto open : {fs::perms::others_write, fs::perms::group_write, fs::perms::others_read}) {
      fs::permissions(path, open, fs::perm_options::add);
      CHECK(place.refusal().find(path.string() + " (mode") != std::string::npos);
      fs::permissions(path, open, fs::perm_options::remove);
    }
  }
  CHECK(place.refusal().empty());
}

TEST_CASE("a symbolic link is no approval") {
  Place place;
  place.approvals.approve(place.subject, now);
  fs::rename(place.file, place.folder.path() / "elsewhere");
  fs::create_symlink(place.folder.path() / "elsewhere", place.file);
  CHECK(place.refusal().find("neither a file nor a folder") != std::string::npos);
}

TEST_CASE("a damaged approval is none") {
  Place place;
  for (const char* content : {"", "{", "[]", "{\"digest\": 7}", "{\"text\": \"run: make\"}"}) {
    place.approvals.approve(place.subject, now);
    std::ofstream(place.file) << content;
    CHECK_FALSE(place.approvals.holds(place.subject));
  }
  place.approvals.approve(place.subject, now);
  CHECK(place.approvals.holds(place.subject));
}

TEST_CASE("where no place can be known nothing is approved, and approving says so") {
  const Place place;
  Approvals nowhere(Environment(), here);
  CHECK_FALSE(nowhere.holds(place.subject));
  CHECK_THROWS_WITH_AS(nowhere.approve(place.subject, now), doctest::Contains("HOME is not set"), Error);
  CHECK_NOTHROW(Approvals(environment_with("HOME", "/somewhere"), here));
}

TEST_CASE("a repository has one id, also when several processes ask at once") {
  changeling::testing::TemporaryRepository place;
  std::vector<std::string> ids(8);
  std::vector<std::thread> threads;
  for (std::string& id : ids) {
    threads.emplace_back([&] {
      git::Repository repository = place.open();
      id = ensure_repository_id(repository, place.path() / ".git/id.lock");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& id : ids) CHECK(id == ids.front());
  CHECK(repository_id(place.open()) == ids.front());
}

TEST_CASE("an id that is none is refused before it becomes a path") {
  changeling::testing::TemporaryRepository place;
  git::Repository repository = place.open();
  for (const char* id : {"short", "../../../../etc/passwd", "ABCDEFGHIJKLMNOPQ"}) {
    repository.set_config("changeling.repositoryId", id);
    CHECK_THROWS_AS(repository_id(repository), Error);
  }
}

TEST_CASE("an approval of an earlier version, which had whether it was enabled, holds") {
  Place place;
  ApprovalSubject then = place.subject;
  for (const char* line : {"enabled: true\n", "enabled: false\n"}) {
    then.text = place.subject.text + line;
    place.approvals.approve(then, now);
    CHECK(place.approvals.holds(place.subject));
    CHECK(place.approvals.find(place.subject)->text == place.subject.text);
  }
  then.text = "run: |\n  make\n  enabled: true\n";
  place.approvals.approve(then, now);
  CHECK(place.approvals.holds(then));
  CHECK_FALSE(place.approvals.holds(place.subject));
}
