#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "git/program.hpp"

namespace changeling::store {

/// Operations write a few small objects each, in files of their own, which take a block of the disk however
/// little they hold. Who has written many puts those of the state into a pack, so that nobody has to call
/// `git gc` for it.
class Packing {
 public:
  /// `folder` is the local folder of this program: a lock and a note of what was packed lie there.
  Packing(const std::filesystem::path& common_directory, const std::filesystem::path& folder);

  /// Whether more loose objects than `most` have come since the last time, estimated as git does it: by one
  /// folder of 256. Costs the reading of that folder.
  bool is_due(std::size_t most) const;

  enum class Outcome { Packed, Busy };
  /// Packs the loose objects that `reference` leads to, and removes the files that are in packs now. Ten
  /// packs of ours become one. Busy: another process does it, or a `git gc` is at work. Throws
  /// Error(External) with git's words; what there was before stays.
  Outcome pack(const git::GitProgram& git, const std::string& reference) const;

 private:
  std::size_t count_loose() const;
  void pack_new(const git::GitProgram& git, const std::string& reference) const;
  void join_packs(const git::GitProgram& git) const;

  std::filesystem::path common_directory_;
  std::filesystem::path objects_;
  std::filesystem::path folder_;
};

}  // namespace changeling::store
