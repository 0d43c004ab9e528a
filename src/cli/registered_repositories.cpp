#include "cli/registered_repositories.hpp"

#include <algorithm>

#include "support/files.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::cli {

std::vector<std::string> registered_repositories(const Environment& environment) {
  const auto text = read_file_if_exists(user_folder(environment, UserFolder::Data) / "repositories");
  std::vector<std::string> paths;
  for (std::string& line : split(text.value_or(""), '\n')) {
    if (!line.empty()) paths.push_back(std::move(line));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace changeling::cli
