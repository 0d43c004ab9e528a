#include "git/alternates.hpp"

#include <algorithm>
#include <string>

#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_list = 1024 * 1024;
/// git follows no more of them in a row.
constexpr std::size_t most_lenders = 6;

/// A line for a path; in double quotes where it could not be told from two.
std::string line_for(const fs::path& lender) {
  const std::string path = lender.string();
  if (path.find('\n') == std::string::npos) return path + "\n";
  std::string quoted = "\"";
  for (const char letter : path) {
    if (letter == '"' || letter == '\\') quoted += '\\';
    quoted += letter == '\n' ? std::string("\\n") : std::string(1, letter);
  }
  return quoted + "\"\n";
}

}  // namespace

void borrow_objects(const fs::path& objects, const std::vector<fs::path>& lenders) {
  create_private_directories(objects / "info");
  std::string list;
  for (const fs::path& lender : lenders) list += line_for(lender);
  write_file(objects / "info/alternates", list, Outlives::Process);
}

std::vector<fs::path> with_lenders(const fs::path& objects) {
  std::vector<fs::path> folders{objects};
  for (std::size_t next = 0; next < folders.size() && folders.size() < most_lenders; ++next) {
    const auto list = read_regular_file(folders[next] / "info/alternates", longest_list);
    for (const std::string& line : split_lines(list.value_or(""))) {
      if (line.empty() || line.starts_with('#') || line.starts_with('"')) continue;
      const fs::path lender = (folders[next] / line).lexically_normal();
      if (std::find(folders.begin(), folders.end(), lender) == folders.end()) folders.push_back(lender);
    }
  }
  return folders;
}

}  // namespace changeling::git
