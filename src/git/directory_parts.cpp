#include "git/directory_parts.hpp"

#include <fmt/format.h>

#include "support/files.hpp"

namespace changeling::git {

void copy_data(const std::filesystem::path& from, const std::filesystem::path& to) {
  constexpr std::size_t most = 16 * 1024 * 1024;
  if (const auto text = read_regular_file(from, most); text && !text->empty())
    write_file(to, *text, Outlives::Process);
}

std::string packed_references(const std::map<std::string, ObjectId>& references) {
  std::string text = "# pack-refs with: sorted \n";
  for (const auto& [name, id] : references) text += fmt::format("{} {}\n", id.hex(), name);
  return text;
}

}  // namespace changeling::git
