#pragma once

#include <map>
#include <string>

#include "store/damaged.hpp"
#include "support/json.hpp"

namespace changeling::cli {

class Context;

/// The records that a command could not read. They are quarantined: everything else works, and the user is
/// told once, on standard error, what they are and what can be done about them.
class DamageReport {
 public:
  explicit DamageReport(Context& context) : context_(context) {}

  /// Says what was not said before.
  void note(const store::DamagedRecords& records);
  /// A mistake in a file of the user's, without which everything goes on but what would run from it.
  void note_in_file(const std::string& file, const Error& error);
  /// All that was noted, as `damaged` of a listing: [{path, reason}], by path.
  Json to_json() const;

 private:
  Context& context_;
  std::map<std::string, std::string> reasons_;   ///< By path.
  std::map<std::string, std::string> mistakes_;  ///< The file, by what is wrong with it.
};

}  // namespace changeling::cli
