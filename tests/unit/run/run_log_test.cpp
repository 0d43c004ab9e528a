#include "run/run_log.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "../temporary_folder.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;

namespace {

class NoonClock : public Clock {
 public:
  Timestamp now() const override { return parse_timestamp("2026-11-20T12:34:56Z"); }
};
const NoonClock noon;

struct OpenLog {
  explicit OpenLog(std::vector<std::string> secrets = {})
      : files{folder.path() / "run"}, log(std::in_place, files, Redactor(secrets), noon) {}
  std::string text() const { return read_file(files.log()); }

  TemporaryFolder folder;
  project::RunFiles files;
  std::optional<run::RunLog> log;
};

}  // namespace

TEST_CASE("notes carry the time and begin a line of their own") {
  OpenLog open;
  open.log->output("half a line");
  open.log->note("== verify");
  open.log->output("next\n");
  CHECK(open.text() == "half a line12:34:56 == verify\nnext\n");
}

TEST_CASE("log and transcript are apart, private, and whole after the end") {
  OpenLog open;
  open.log->output("for the log");
  open.log->transcript("from the agent");
  open.log.reset();
  CHECK(open.text() == "for the log");
  CHECK(read_file(open.files.transcript()) == "from the agent");
  for (const auto& path : {open.files.log(), open.files.transcript()}) {
    struct stat info {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
  }
}

TEST_CASE("a secret that comes in two pieces reaches the disk in neither") {
  OpenLog open({"hunter22"});
  open.log->output("password: hun");
  CHECK(open.text().empty());
  open.log->output("ter22 and on\nhun");
  CHECK(open.text() == "password: [redacted] and on\n");
  open.log->output("t for it\n");
  CHECK(open.text() == "password: [redacted] and on\nhunt for it\n");
}

TEST_CASE("a note in the middle of a secret lets neither part of it through") {
  OpenLog open({"my-long-hunter22"});
  open.log->output("password: my-long-");
  open.log->note("a note");
  CHECK(open.text() == "password: [redacted]12:34:56 a note\n");
  open.log->output("hunter22 and on\n");
  CHECK(open.text().ends_with("a note\n and on\n"));
}

TEST_CASE("what could begin a secret is written once it is quiet, and the secret is found when it goes on") {
  using namespace std::chrono_literals;
  OpenLog open({"y-long-hunter22"});
  open.log->output("ready");
  open.log->transcript("{}\nready");
  const auto now = std::chrono::steady_clock::now();
  open.log->settle(now);
  CHECK(open.text().empty());
  open.log->settle(now + 1s);
  CHECK(open.text() == "ready");
  CHECK(read_file(open.files.transcript()) == "{}\nready");
  open.log->output("\nmy-long-hun");
  open.log->settle(std::chrono::steady_clock::now() + 1s);
  open.log->output("ter22 and on\n");
  CHECK(open.text() == "ready\nm[redacted] and on\n");
}

TEST_CASE("a secret of several lines is taken out although lines are written as they come") {
  OpenLog open({"first-line\nsecond-line\n"});
  open.log->output("first-line\nand on\n");
  CHECK(open.text() == "[redacted]\nand on\n");
  open.log->output("first-line\n");
  open.log->output("second-line\n");
  CHECK(open.text() == "[redacted]\nand on\n[redacted]\n");
}

TEST_CASE("a private key is held back until its end, in lines before it nothing is") {
  OpenLog open;
  open.log->output("before\n-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n");
  CHECK(open.text() == "before\n");
  open.log->output("MIIdef\n");
  open.log->output("-----END RSA PRIVATE KEY-----\nafter\n");
  CHECK(open.text() == "before\n[redacted]\nafter\n");
}

TEST_CASE("neither a line nor a key without an end fills the memory") {
  OpenLog open({"hunter22"});
  for (int count = 0; count < 40; ++count) open.log->output(std::string(10'000, 'x'));
  const auto written = open.text().size();
  CHECK(written > 200'000);
  open.log->output("\n-----BEGIN PRIVATE KEY-----\n");
  for (int count = 0; count < 2000; ++count) open.log->output("line that goes on\n");
  CHECK(open.text().ends_with("line that goes on\n"));
  CHECK(open.text().find("[redacted]") != std::string::npos);
}

TEST_CASE("a secret at the place where an endless line is cut does not appear") {
  for (std::size_t offset = 0; offset < 40; ++offset) {
    OpenLog open({"my-long-hunter22"});
    // The cut comes when the line passes 256 KiB.
    const std::string secret = "my-long-hunter22";
    open.log->output(std::string(256 * 1024 - 20 + offset, '.'));
    open.log->output(secret.substr(0, 8));
    open.log->output(secret.substr(8));
    open.log->output(std::string(300 * 1024, '.'));
    open.log->flush();
    const std::string text = open.text();
    CHECK(text.find("hunter") == std::string::npos);
    CHECK(text.find("my-lo") == std::string::npos);
    CHECK(text.find("[redacted]") != std::string::npos);
  }
}
