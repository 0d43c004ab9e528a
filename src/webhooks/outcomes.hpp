#pragma once

#include <span>
#include <string>
#include <string_view>

namespace changeling::webhooks {

/// What has come of a delivery.
enum class Outcome { Started, Added, Ignored, Refused, Outdated, NotTrusted, Skipped, Taken, Failed };

struct OutcomeRow {
  Outcome outcome = Outcome::Failed;
  std::string_view word;
  std::string_view sentence;
};
/// The only list of them.
std::span<const OutcomeRow> outcomes();
std::string_view to_string(Outcome outcome);

/// An outcome, and why.
struct Finding {
  Outcome outcome = Outcome::Failed;
  std::string detail;  ///< A sentence without a full stop; text of others in it is harmless.
  std::string run = {};
  std::string task = {};
};

}  // namespace changeling::webhooks
