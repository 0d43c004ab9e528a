#include "run/repository_files.hpp"

#include <fmt/format.h>

#include <system_error>
#include <vector>

#include "run/file_mark.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code problem;
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem))
    files.push_back(entry->path());
  return files;
}

}  // namespace

std::map<std::string, std::string> marks_of_repository_files(const fs::path& git_folder) {
  std::vector<fs::path> files = files_in(git_folder / "hooks");
  for (const char* name :
       {"config.worktree", "info/attributes", "info/exclude", "info/grafts", "info/sparse-checkout"})
    files.push_back(git_folder / name);
  std::map<std::string, std::string> marks;
  for (const fs::path& file : files) {
    const FileMark mark = mark_of(file);
    if (mark.inode == 0) continue;
    marks[file.lexically_relative(git_folder).string()] =
        fmt::format("{} bytes, {} {} {}", mark.size, mark.inode, mark.modified_ns, mark.changed_ns);
  }
  return marks;
}

std::string size_in(std::string_view mark) {
  return std::string(mark.substr(0, mark.find(',')));
}

}  // namespace changeling::run
