#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace changeling::test {

/// A zombie has ended, although its number still exists.
inline bool is_alive(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  // By get(), which fails where an iterator throws: the process may end while this is read.
  std::string content;
  for (char byte = 0; file.get(byte);) content.push_back(byte);
  const auto name_end = content.rfind(')');
  return name_end != std::string::npos && content.at(name_end + 2) != 'Z';
}

/// Waits for what another process does; fails the test after ten seconds.
template <typename Condition>
void eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace changeling::test
