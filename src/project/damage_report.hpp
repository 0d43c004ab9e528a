#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "store/damaged.hpp"
#include "support/error.hpp"

namespace changeling::project {

/// The records that a command could not read. They are quarantined: everything else works, and the user is
/// told once, on standard error, what they are and what can be done about them.
class DamageReport {
 public:
  /// `message` says it; `reference` is the name of the state's.
  DamageReport(std::function<void(const std::string&)> message, std::function<const std::string&()> reference)
      : message_(std::move(message)), reference_(std::move(reference)) {}

  /// Says what was not said before.
  void note(const store::DamagedRecords& records);
  /// A mistake in a file of the user's, without which everything goes on but what would run from it.
  void note_in_file(const std::string& file, const Error& error);
  /// What cannot be read, and why.
  struct Noted {
    std::string path;
    std::string reason;
  };
  /// All that was noted: records by path, then mistakes.
  std::vector<Noted> noted() const;

 private:
  std::function<void(const std::string&)> message_;
  std::function<const std::string&()> reference_;
  std::map<std::string, std::string> reasons_;   ///< By path.
  std::map<std::string, std::string> mistakes_;  ///< The file, by what is wrong with it.
};

}  // namespace changeling::project
