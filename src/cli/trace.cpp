#include "cli/trace.hpp"

#include <fmt/format.h>

#include "cli/output.hpp"

namespace changeling::cli {

void trace_step(const Environment& environment, run::Step step) {
  if (environment.get("CHANGELING_TRACE").value_or("") != "1") return;
  tell(fmt::format("trace: step {}", to_string(step)));
}

}  // namespace changeling::cli
