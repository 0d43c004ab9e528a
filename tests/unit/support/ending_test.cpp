#include "support/ending.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "support/process.hpp"
#include "support/spawn.hpp"

using namespace changeling;

namespace {

/// How a program counts that ends with `code` when the file about its ending says `text`.
ExitStatus ending_of(int code, const std::string& text) {
  Command command;
  command.arguments = {"/bin/sh", "-c", "exit " + std::to_string(code)};
  command.part = Part::Wrapper;
  command.ending = std::make_shared<FileDescriptor>(file_in_memory(text));
  return SystemProcessRunner().run(command).status;
}

}  // namespace

TEST_CASE("what is written about an ending is read again") {
  const FileDescriptor file = file_in_memory("");
  CHECK_FALSE(read_ending(file));
  write_ending(file, SIGKILL);
  CHECK(read_ending(file) == SIGKILL);
}

TEST_CASE("a wrapper's exit code is a signal when the file says so, and a code otherwise") {
  CHECK(ending_of(137, "9").describe() == "signal 9 (Killed)");
  CHECK(ending_of(143, "15").signal == SIGTERM);
  CHECK(ending_of(137, "").describe() == "exit code 137");
}

TEST_CASE("a file that does not fit the exit code means nothing") {
  CHECK(ending_of(0, "9").success());
  CHECK(ending_of(3, "9").code == 3);
  for (const char* text : {"-9", "9x", "09999", "300", "words", "0"}) {
    CHECK_FALSE(read_ending(file_in_memory(text)));
  }
}
