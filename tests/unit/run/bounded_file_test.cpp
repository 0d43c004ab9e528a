#include "run/bounded_file.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../temporary_folder.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;

namespace {

std::string notice(std::uint64_t bytes) {
  return fmt::format("[{}]\n", bytes);
}

}  // namespace

TEST_CASE("what fits stays as it is") {
  const TemporaryFolder folder;
  run::BoundedFile file(folder.path() / "log", 1000, notice);
  for (int line = 0; line < 10; ++line) file.append(fmt::format("line {}\n", line));
  CHECK(read_file(folder.path() / "log").size() == 70);
  CHECK(file.left_out() == 0);
}

TEST_CASE("the oldest middle is left out: beginning and end stay, and what is missing is said") {
  const TemporaryFolder folder;
  run::BoundedFile file(folder.path() / "log", 1000, notice);
  std::size_t printed = 0;
  for (int line = 0; line < 5000; ++line) {
    const std::string text = fmt::format("line {:04}\n", line);
    printed += text.size();
    file.append(text);
  }
  const std::string kept = read_file(folder.path() / "log");
  CHECK(kept.size() <= 1000 + 20);
  CHECK(kept.starts_with("line 0000\nline 0001\n"));
  CHECK(kept.ends_with("line 4998\nline 4999\n"));
  const std::string said = notice(file.left_out());
  CHECK(kept.find("\n" + said + "line ") != std::string::npos);
  CHECK(kept.size() - said.size() + file.left_out() == printed);
}

TEST_CASE("one text that is larger than all, without a line") {
  const TemporaryFolder folder;
  run::BoundedFile file(folder.path() / "log", 1000, notice);
  file.append(std::string(100'000, 'x'));
  CHECK(read_file(folder.path() / "log").size() <= 1020);
  CHECK(file.left_out() > 98'000);
}
