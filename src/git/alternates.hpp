#pragma once

#include <filesystem>
#include <vector>

namespace changeling::git {

/// Makes the repository with this folder of objects borrow from others (gitrepository-layout(5),
/// objects/info/alternates), in the place of what it borrowed from before. A path may be relative to
/// `objects`.
void borrow_objects(const std::filesystem::path& objects, const std::vector<std::filesystem::path>& lenders);

/// `objects` and the folders that it borrows from, at any depth that git follows.
std::vector<std::filesystem::path> with_lenders(const std::filesystem::path& objects);

}  // namespace changeling::git
