#include <sys/stat.h>

#include <fstream>

#include "../error_of.hpp"
#include "../temporary_folder.hpp"
#include "server/access/cookie.hpp"
#include "server/access/failed_logins.hpp"
#include "server/access/login_codes.hpp"
#include "server/access/same_secret.hpp"
#include "server/access/secret_file.hpp"
#include "server/access/sessions.hpp"
#include "support/files.hpp"

using namespace changeling;
using namespace changeling::server::access;
using changeling::test::TemporaryFolder;
using changeling::testing::error_of;

namespace {

const Timestamp start = parse_timestamp("2026-11-30T08:00:00Z");

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("a secret is the same as itself and nothing else") {
  CHECK(same_secret("abc", "abc"));
  CHECK_FALSE(same_secret("abc", "abd"));
  CHECK_FALSE(same_secret("abc", "abcd"));
  CHECK_FALSE(same_secret("", ""));
}

TEST_CASE("a code logs in once, and within two minutes") {
  LoginCodes codes;
  const std::string owner = codes.make(Role::Owner, start);
  const std::string viewer = codes.make(Role::Viewer, start);
  CHECK(owner != viewer);
  CHECK_FALSE(codes.take("x" + owner, start));
  CHECK(codes.take(viewer, start + std::chrono::seconds(119)) == Role::Viewer);
  CHECK_FALSE(codes.take(viewer, start + std::chrono::seconds(119)));
  CHECK_FALSE(codes.take(owner, start + std::chrono::seconds(120)));
}

TEST_CASE("ten failed logins are free, then one every six seconds; other addresses have their own") {
  FailedLogins failed;
  for (int count = 0; count < FailedLogins::most; ++count) {
    CHECK(failed.wait_for("a", start) == Duration(0));
    failed.note_failure("a", start);
  }
  CHECK(failed.wait_for("a", start) > std::chrono::seconds(5));
  CHECK(failed.wait_for("b", start) == Duration(0));
  CHECK(failed.wait_for("a", start + std::chrono::seconds(7)) == Duration(0));
  failed.note_failure("a", start + std::chrono::seconds(7));
  CHECK(failed.wait_for("a", start + std::chrono::seconds(7)) > Duration(0));
}

TEST_CASE("cookies are found by their whole name and are for one server alone") {
  CHECK(cookie_name(8473) == "changeling_8473");
  CHECK(cookie_name(0) == "changeling");
  using Values = std::vector<std::string>;
  CHECK(cookie_values("a=1; changeling=two=2", "changeling") == Values{"two=2"});
  CHECK(cookie_values("changeling=evil; changeling=good", "changeling") == Values{"evil", "good"});
  CHECK(cookie_values("xchangeling=1; changelingx=2", "changeling").empty());
  const std::string plain = set_cookie("changeling", "w", Channel::Plain, std::chrono::hours(1));
  CHECK(plain == "changeling=w; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict");
  CHECK(set_cookie("changeling", "w", Channel::Tls, std::chrono::hours(1)) == plain + "; Secure");
}

TEST_CASE("sessions outlive the server, and their file holds no word") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "serve" / "sessions.json";
  Sessions sessions(file);
  const auto owner = sessions.make(Role::Owner, start);
  const auto viewer = sessions.make(Role::Viewer, start);
  CHECK(mode_of(file) == 0600U);
  CHECK(read_file(file).find(owner.word) == std::string::npos);
  CHECK(read_file(file).find(owner.page_word) == std::string::npos);

  Sessions later(file);
  REQUIRE(later.find(viewer.word, start) != nullptr);
  CHECK(later.find(viewer.word, start)->role == Role::Viewer);
  CHECK(later.find("x", start) == nullptr);
  CHECK(later.find("", start) == nullptr);
  CHECK(later.list(start).size() == 2);
  CHECK(later.is_own_page(owner.id, owner.page_word));
  CHECK_FALSE(later.is_own_page(owner.id, viewer.page_word));
  CHECK_FALSE(later.is_own_page(owner.id, ""));
  CHECK_FALSE(later.is_own_page("", ""));

  CHECK(later.revoke(owner.id));
  CHECK_FALSE(later.revoke(owner.id));
  CHECK(Sessions(file).find(owner.word, start) == nullptr);
}

TEST_CASE("a session is over when nobody has used it for thirty days") {
  const TemporaryFolder folder;
  Sessions sessions(folder.path() / "sessions.json");
  const auto made = sessions.make(Role::Owner, start);
  CHECK(sessions.find(made.word, start + std::chrono::hours(24 * 29)) != nullptr);
  CHECK(sessions.find(made.word, start + std::chrono::hours(24 * 58)) != nullptr);
  CHECK(sessions.find(made.word, start + std::chrono::hours(24 * 90)) == nullptr);
  CHECK(sessions.list(start + std::chrono::hours(24 * 90)).empty());
}

TEST_CASE("a damaged list of sessions is named") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "sessions.json";
  write_file(file, "[]");
  const Error error = error_of([&] { Sessions sessions(file); }).value();
  CHECK(error.kind() == ErrorKind::Invalid);
  CHECK(std::string(error.what()).find(file.string()) != std::string::npos);
}

TEST_CASE("the token is made once, for its owner only") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "serve" / "token";
  const std::string token = read_or_make_token(file);
  CHECK(token.size() == 43);
  CHECK(mode_of(file) == 0600U);
  CHECK(read_or_make_token(file) == token);
}

TEST_CASE("a token that others may know is none") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "token";
  read_or_make_token(file);
  SUBCASE("readable") {
    ::chmod(file.c_str(), 0640);
  }
  SUBCASE("a link") {
    std::filesystem::rename(file, folder.path() / "other");
    std::filesystem::create_symlink("other", file);
  }
  SUBCASE("too short") {
    write_file(file, "abc\n");
  }
  const Error error = error_of([&] { read_or_make_token(file); }).value();
  CHECK(error.kind() == ErrorKind::Refused);
  CHECK(error.hint().find("rm " + file.string()) != std::string::npos);
}
