#include "sandbox/confine.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>

#include "../temporary_folder.hpp"
#include "sandbox/mounts.hpp"
#include "sandbox/probe.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

struct Place {
  TemporaryFolder folder;
  sandbox::Walls walls;

  Place() {
    SystemProcessRunner processes;
    walls.bubblewrap = sandbox::probe(Environment::of_this_process(), processes, {}).bubblewrap;
    for (const char* name : {"open", "secret", "tmp", "home"}) fs::create_directories(folder.path() / name);
    folder.write("secret/key", "secret");
    folder.write("secret/shown", "shown");
    walls.hidden = {folder.path() / "secret"};
    walls.replaced = {{"/tmp", folder.path() / "tmp"}};
    walls.writable = {folder.path() / "open"};
    walls.readable = {folder.path() / "secret/shown"};
  }

  ProcessResult run(const std::string& line) const {
    Command command;
    command.arguments = {"/bin/sh", "-c", line};
    command.working_directory = folder.path() / "open";
    command.environment = Environment::of_this_process();
    return SystemProcessRunner().run(sandbox::confine(command, walls), std::chrono::seconds(20));
  }
};

}  // namespace

TEST_CASE("what is inside of what") {
  CHECK(sandbox::is_inside("/a/b", "/a"));
  CHECK(sandbox::is_inside("/a", "/a"));
  CHECK(sandbox::is_inside("/a", "/"));
  CHECK_FALSE(sandbox::is_inside("/ab", "/a"));
  CHECK_FALSE(sandbox::is_inside("/", "/a"));
}

TEST_CASE("a command behind the walls reads and writes what is named, and nothing else") {
  const Place place;
  if (place.walls.bubblewrap.empty()) return;
  const std::string secret = (place.folder.path() / "secret").string();
  const auto result = place.run("echo kept > here; cat " + secret + "/shown; cat " + secret + "/key; touch " +
                                secret + "/new /usr/new; echo x > /tmp/x; ls /tmp; exit 7");
  CHECK(result.status.code == 7);
  CHECK(result.output.find("shown") == 0);
  CHECK(result.output.find("secret") == std::string::npos);
  CHECK(read_file(place.folder.path() / "open/here") == "kept\n");
  CHECK(fs::exists(place.folder.path() / "tmp/x"));
  CHECK_FALSE(fs::exists("/usr/new"));
}

TEST_CASE("neither the options of the walls nor other processes can be read inside") {
  const Place place;
  if (place.walls.bubblewrap.empty()) return;
  const auto result = place.run("cat /proc/*/cmdline | tr '\\0' ' '; ls /proc | grep -c '^[0-9]'");
  CHECK(result.output.find("secret") == std::string::npos);
  CHECK(result.output.find("--ro-bind") == std::string::npos);
}

TEST_CASE("without a network there is none but its own") {
  Place place;
  if (place.walls.bubblewrap.empty()) return;
  place.walls.network = sandbox::Network::None;
  CHECK(place.run("cat /proc/net/dev | grep -c :").output == "1\n");
}

TEST_CASE("TERM reaches the command, which ends in its own way") {
  const Place place;
  if (place.walls.bubblewrap.empty()) return;
  Command command;
  command.arguments = {"/bin/sh", "-c",
                       "trap 'echo cleaned; exit 3' TERM; echo ready; while :; do sleep 0.05; done"};
  command.environment = Environment::of_this_process();
  command.descendants = Descendants::EndWithIt;
  std::string output;
  const auto collect = [&](std::string_view bytes) { output += bytes; };
  // The shell says there that its sleep was ended, too.
  const auto ignore = [](std::string_view) {};
  auto child = ChildProcess::start(sandbox::confine(command, place.walls), ChildProcess::StandardInput::Null);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (output.find("ready") == std::string::npos && std::chrono::steady_clock::now() < give_up)
    child.pump(std::chrono::milliseconds(50), collect, ignore);
  child.signal_group(SIGTERM);
  while (child.pump(std::chrono::milliseconds(50), collect, ignore)) {
  }
  CHECK(output.find("ready\ncleaned\n") == 0);
  CHECK(child.exit_status().code == 3);
}

TEST_CASE("a program that is not there is said before anything starts") {
  const Place place;
  Command command;
  command.arguments = {"no-such-program-of-mine"};
  command.environment = Environment::of_this_process();
  CHECK_THROWS_AS(sandbox::confine(command, place.walls), Error);
}

TEST_CASE("without bubblewrap a command stays what it is, with its limits") {
  sandbox::Walls walls;
  walls.limits = {{1, 5}};
  Command command;
  command.arguments = {"sh", "-c", ":"};
  command.environment = Environment::of_this_process();
  const Command held = sandbox::confine(command, walls);
  CHECK(held.arguments.back() == ":");
  CHECK(held.arguments.size() == 3);
  CHECK(held.limits.size() == 1);
  CHECK(held.part == Part::Worker);
}
