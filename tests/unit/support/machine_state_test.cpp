#include "support/machine_state.hpp"

#include <doctest/doctest.h>

using namespace changeling;

TEST_CASE("the machine tells of its load, and of the disk of a folder that is not there yet") {
  const MachineState state = read_machine_state("/tmp/not-there-yet/nor-this");
  CHECK(state.load.size() == 3);
  CHECK(state.processors >= 1);
  CHECK(state.disk_size_bytes > state.disk_free_bytes);
  CHECK(state.disk_size_bytes == read_machine_state("/tmp").disk_size_bytes);
  CHECK(state.system.find(' ') != std::string::npos);
}
