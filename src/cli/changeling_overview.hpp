#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/definitions.hpp"
#include "store/run_record.hpp"

namespace changeling::cli {

/// One changeling as `list` and `status` show it.
struct ChangelingOverview {
  Definition definition;
  std::string source;
  bool trusted = false;  ///< Whether it may run on this machine.
  /// When its schedule can really start it next; nothing when it cannot, as things are, or has none.
  std::optional<Timestamp> next_run;
  std::string held_back = {};  ///< What keeps its schedule from starting it in time; empty: nothing does.
  std::optional<store::RunRecord> last_run;  ///< The newest, running or finished.
};

/// Sorted by name.
std::vector<ChangelingOverview> load_overviews(Context& context);
Json to_json(const ChangelingOverview& overview);
/// What to type for those that are not trusted; empty when all are.
std::string untrusted_notice(const std::vector<ChangelingOverview>& overviews, const Terminal& terminal);
/// Why schedules do not start theirs in time, a line for each reason; empty when all do.
std::string held_back_notice(const std::vector<ChangelingOverview>& overviews);
/// What the agents of the newest runs were refused, and what they moved that was not theirs; empty without.
std::string last_runs_notice(const std::vector<ChangelingOverview>& overviews);
std::string overviews_table(const std::vector<ChangelingOverview>& overviews, const Terminal& terminal,
                            Timestamp now);

}  // namespace changeling::cli
