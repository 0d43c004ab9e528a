#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_id.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"

namespace changeling::git {

/// What stands before the objects of a bundle (gitformat-bundle(5)).
struct BundleHeader {
  std::vector<ObjectId> prerequisites;         ///< Commits that whoever unpacks it must have.
  std::map<std::string, ObjectId> references;  ///< By full name.
};

/// Reads the beginning of a bundle of version 2, the one without extensions. Throws Error(Invalid) for
/// everything else, also when the header does not end within `beginning`.
BundleHeader parse_bundle_header(std::string_view beginning);

/// How much of a bundle is believed to be work.
struct BundleLimits {
  std::size_t most_file_bytes = 0;
  std::size_t most_objects = 0;
  std::size_t most_unpacked_bytes = 0;  ///< Of all objects together.
};

/// A bundle that somebody else may have written, unpacked into a repository of its own that borrows the
/// objects of ours: nothing of it is in ours before take(). No program but git works on it, with no
/// configuration of the bundle's maker.
class ForeignBundle {
 public:
  /// `folder` is put in the place of whatever is there, and is gone with this object. Throws Error(NotFound)
  /// without the file, and Error(Invalid) when it is no bundle, lacks objects, or is over a limit.
  ForeignBundle(const GitProgram& git, const Repository& ours, const std::filesystem::path& file,
                const std::filesystem::path& folder, const BundleLimits& limits);
  ForeignBundle(const ForeignBundle&) = delete;
  ForeignBundle& operator=(const ForeignBundle&) = delete;
  ~ForeignBundle();

  const std::map<std::string, ObjectId>& references() const { return header_.references; }
  /// For reading what is in it.
  const Repository& contents() const { return *contents_; }
  /// Brings a commit of it into our repository, each object checked (git-fsck(1)), at `reference`. Throws
  /// Error(Invalid) with git's words when an object is none.
  void take(const ObjectId& commit, const std::string& reference) const;

 private:
  void unpack(const std::filesystem::path& file) const;
  void check_sizes(const BundleLimits& limits) const;

  GitProgram git_;
  GitProgram apart_;  ///< Works in the folder.
  std::filesystem::path folder_;
  BundleHeader header_;
  std::optional<Repository> contents_;
};

}  // namespace changeling::git
