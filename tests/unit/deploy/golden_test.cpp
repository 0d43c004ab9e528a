#include <doctest/doctest.h>

#include "golden_samples.hpp"
#include "support/files.hpp"

using namespace changeling;

TEST_CASE("what deploying writes is what was written before, byte for byte") {
  const std::filesystem::path folder =
      std::filesystem::path(CHANGELING_SOURCE_DIR) / "tests/unit/deploy/golden";
  const auto files = testing::golden_files();
  CHECK(files.size() == 6);
  for (const auto& file : files) {
    CAPTURE(file.first);
    CHECK(file.second == read_file(folder / file.first));
  }
}
