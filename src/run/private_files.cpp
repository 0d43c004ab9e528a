#include "run/private_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/places.hpp"
#include "support/text.hpp"

namespace changeling::run {

std::vector<std::string> private_files(const std::function<std::string(const std::vector<std::string>&)>& git,
                                       const std::string& range, const std::vector<std::string>& copied) {
  std::vector<std::string> arguments{"log",
                                     "-m",
                                     "--full-history",
                                     "--format=",
                                     "--name-only",
                                     "--no-renames",
                                     "-z",
                                     range,
                                     "--",
                                     fmt::format(":(literal){}", project::scratch_folder)};
  for (const std::string& path : copied) arguments.push_back(":(literal)" + path);
  std::vector<std::string> files = split(git(arguments), '\0');
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  std::erase_if(files, [](const std::string& line) { return line.empty(); });
  return files;
}

}  // namespace changeling::run
