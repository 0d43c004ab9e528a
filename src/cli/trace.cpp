#include "cli/trace.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace changeling::cli {

void trace_step(const Environment& environment, run::Step step) {
  if (environment.get("CHANGELING_TRACE").value_or("") != "1") return;
  const std::string line = fmt::format("trace: step {}\n", to_string(step));
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace changeling::cli
