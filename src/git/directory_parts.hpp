#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "git/object_id.hpp"

namespace changeling::git {

/// Copies a file of a git directory that is data: a plain one of 16 MiB at most, if it is there and has
/// anything in it. Folders are made.
void copy_data(const std::filesystem::path& from, const std::filesystem::path& to);

/// A whole file `packed-refs` (gitrepository-layout(5)) with these references.
std::string packed_references(const std::map<std::string, ObjectId>& references);

}  // namespace changeling::git
