#pragma once

#include <functional>
#include <string>
#include <vector>

namespace changeling::run {

/// Files of the scratch folder or of `copied` that commits of `range` ("START..HEAD") contain, sorted. Every
/// commit counts, also one that another takes back and one that only a merge brings in. `git` runs git with
/// these arguments and returns what it prints.
std::vector<std::string> private_files(const std::function<std::string(const std::vector<std::string>&)>& git,
                                       const std::string& range, const std::vector<std::string>& copied);

}  // namespace changeling::run
