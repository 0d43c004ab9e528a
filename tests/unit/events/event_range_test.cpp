#include "events/event_range.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"

using changeling::events::event_range;
using changeling::events::EventRange;
using changeling::test::TemporaryFolder;

TEST_CASE("the ends of a log tell what is in it") {
  TemporaryFolder folder;
  const auto log = folder.write("events", "{\"seq\":4}\n{\"seq\":5,\"a\":1}\n{\"seq\":6}\n");
  const EventRange range = event_range(log, 4);
  CHECK(range.first == 4);
  CHECK(range.last == 6);
  CHECK(range.bytes_after == 26);
  CHECK(event_range(log, 6).bytes_after == 0);
  CHECK(event_range(log, 0).bytes_after == 36);
}

TEST_CASE("a line that is not whole does not count, and a log that is not there has nothing") {
  TemporaryFolder folder;
  const auto log = folder.write("events", "{\"seq\":1}\n{\"seq\":2");
  CHECK(event_range(log, 0).last == 1);
  CHECK(event_range(log, 0).bytes_after == 10);
  CHECK(event_range(folder.path() / "none", 0).last == 0);
  CHECK(event_range(folder.write("empty", ""), 3).first == 0);
}

TEST_CASE("a long log is looked at from any number") {
  TemporaryFolder folder;
  std::string text;
  for (int number = 1; number <= 20000; ++number)
    text += "{\"seq\":" + std::to_string(number) + ",\"text\":\"" + std::string(20, 'x') + "\"}\n";
  const auto log = folder.write("events", text);
  const std::size_t place = text.find("{\"seq\":12346,");
  CHECK(event_range(log, 12345).bytes_after == text.size() - place);
  CHECK(event_range(log, 12345).last == 20000);
}
