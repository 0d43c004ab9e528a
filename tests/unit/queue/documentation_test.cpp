#include <doctest/doctest.h>

#include <filesystem>

#include "queue/moves.hpp"
#include "support/files.hpp"

using namespace changeling;

TEST_CASE("the picture in the documentation is that of the table") {
  const std::string page = read_file(std::filesystem::path(CHANGELING_SOURCE_DIR) / "docs" / "queue.md");
  const std::string picture = "```mermaid\n" + queue::moves_as_diagram() + "```\n";
  INFO("docs/queue.md must hold:\n" << picture);
  CHECK(page.find(picture) != std::string::npos);
}
