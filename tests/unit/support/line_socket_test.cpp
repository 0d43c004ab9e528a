#include "support/line_socket.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "../live_processes.hpp"
#include "../temporary_folder.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::test::eventually;
using changeling::test::TemporaryFolder;

namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode;
}

/// A connection's two ends.
struct Conversation {
  explicit Conversation(const std::filesystem::path& path) : listener(path) {
    client = LineSocket::connect(path);
    REQUIRE(client);
    server = listener.accept();
    REQUIRE(server);
  }
  LocalListener listener;
  std::optional<LineSocket> client;
  std::optional<LineSocket> server;
};

}  // namespace

TEST_CASE("lines cross a local socket in both directions") {
  TemporaryFolder folder;
  Conversation both(folder.path() / "socket");
  CHECK(both.server->receive().empty());
  both.client->send("one");
  both.client->send("two\nthree");
  CHECK(both.server->receive() == std::vector<std::string>{"one", "two", "three"});
  both.server->send("answer");
  CHECK(both.client->receive() == std::vector<std::string>{"answer"});
  CHECK_FALSE(both.server->input_ended());
  CHECK_FALSE(both.server->gone());
  both.client.reset();
  CHECK(both.server->receive().empty());
  CHECK(both.server->input_ended());
  CHECK(both.server->gone());
}

TEST_CASE("sending never blocks; what does not fit waits") {
  TemporaryFolder folder;
  Conversation both(folder.path() / "socket");
  const std::string line(1'000'000, 'x');
  both.client->send(line);
  CHECK(both.client->unsent() > 0);
  std::vector<std::string> lines;
  eventually([&] {
    both.client->flush();
    for (auto& came : both.server->receive()) lines.push_back(std::move(came));
    return !lines.empty();
  });
  CHECK(lines == std::vector<std::string>{line});
  CHECK(both.client->unsent() == 0);
}

TEST_CASE("a line without an end breaks the connection instead of filling the memory") {
  TemporaryFolder folder;
  Conversation both(folder.path() / "socket");
  both.client->send(std::string(3'000'000, 'x'));
  eventually([&] {
    both.client->flush();
    CHECK(both.server->receive().empty());
    return both.server->gone();
  });
}

TEST_CASE("the socket is for its owner, replaces a stale one and is removed at the end") {
  TemporaryFolder folder;
  const auto path = folder.path() / "private" / "socket";
  std::filesystem::create_directory(path.parent_path());
  folder.write("private/socket", "stale");
  CHECK_FALSE(LineSocket::connect(path));
  const mode_t before = ::umask(0);
  {
    const LocalListener listener(path);
    CHECK(S_ISSOCK(mode_of(path)));
    CHECK((mode_of(path) & 0777U) == 0600);
    CHECK(LineSocket::connect(path));
  }
  ::umask(before);
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_FALSE(LineSocket::connect(path));
}

TEST_CASE("processes of another user are turned away") {
  TemporaryFolder folder;
  const auto path = folder.path() / "socket";
  const LocalListener listener(path, ::geteuid() + 1);
  auto client = LineSocket::connect(path);
  REQUIRE(client);
  CHECK_FALSE(listener.accept());
  CHECK(client->receive().empty());
  CHECK(client->gone());
}

TEST_CASE("a path may be longer than the address of a socket") {
  TemporaryFolder folder;
  auto path = folder.path();
  for (int depth = 0; depth < 5; ++depth) path /= "a-folder-with-quite-a-long-name";
  path /= "socket";
  REQUIRE(path.string().size() > 108);
  Conversation both(path);
  both.client->send("hello");
  CHECK(both.server->receive() == std::vector<std::string>{"hello"});
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("a name that no address has room for is an error, not a cut name") {
  TemporaryFolder folder;
  CHECK_THROWS_AS(LocalListener(folder.path() / std::string(150, 's')), Error);
}
