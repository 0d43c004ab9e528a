#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "project/places.hpp"

namespace changeling::run {

/// The runs that this user leads on this machine, and those that a killed program has left: a file each,
/// there before the run's lock and gone after it. Who looks for dead runs need not look at the folder of
/// every run there ever was.
class LedRuns {
 public:
  explicit LedRuns(const project::Places& places)
      : places_(places), folder_(places.local_folder() / "led-runs") {}

  void note(const std::string& run_id) const;
  /// The run has ended; its lock is gone.
  void forget(const std::string& run_id) const;
  /// Sorted. Once a day all folders of runs are looked at for locks: earlier versions of the program note
  /// nothing.
  std::vector<std::string> ids() const;

 private:
  bool is_own(const std::filesystem::path& file) const;
  void note_all_locked() const;
  std::vector<std::string> locked() const;

  const project::Places& places_;
  std::filesystem::path folder_;
};

}  // namespace changeling::run
