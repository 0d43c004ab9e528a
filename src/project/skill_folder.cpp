#include "project/skill_folder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

std::string read_part(const fs::path& path, const std::string& shown) {
  std::string content = read_regular_file(path, most_skill_bytes + 1).value_or("");
  if (content.size() > most_skill_bytes)
    throw Error(ErrorKind::Invalid,
                fmt::format("{} is larger than a skill may be ({} bytes)", shown, most_skill_bytes));
  return content;
}

class FolderReading {
 public:
  explicit FolderReading(fs::path folder) : folder_(std::move(folder)) {
    found_.skill.name = folder_.filename().string();
  }

  FoundSkill take() {
    read(folder_, 0);
    std::sort(found_.left_out.begin(), found_.left_out.end());
    check_skill(found_.skill);
    return std::move(found_);
  }

 private:
  void read(const fs::path& folder, std::size_t depth) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      const std::string path = entry.path().lexically_relative(folder_).generic_string();
      const fs::file_status status = entry.symlink_status();
      if (entry.path().filename().string().starts_with('.')) {
        found_.left_out.push_back(path);
      } else if (fs::is_directory(status)) {
        if (depth == most_skill_depth) refuse(path, "lies deeper than a skill's folders may");
        read(entry.path(), depth + 1);
      } else if (fs::is_regular_file(status)) {
        add(entry.path(), path);
      } else {
        refuse(path, fs::is_symlink(status) ? "is a symbolic link" : "is no plain file");
      }
    }
  }

  void add(const fs::path& file, const std::string& path) {
    if (found_.skill.files.size() == most_skill_files)
      throw Error(ErrorKind::Invalid, fmt::format("{} has more than {} files, which is the most for a skill",
                                                  folder_.string(), most_skill_files));
    found_.skill.files[path] = read_part(file, path);
    bytes_ += found_.skill.files[path].size();
    if (bytes_ > most_skill_bytes)
      throw Error(ErrorKind::Invalid, fmt::format("{} has more than {} bytes, which is the most for a skill",
                                                  folder_.string(), most_skill_bytes));
  }

  [[noreturn]] void refuse(const std::string& path, const std::string& problem) const {
    throw Error(ErrorKind::Refused, fmt::format("{}/{} {}", folder_.string(), path, problem),
                "a skill has plain files and folders; take it out, or put a copy in its place");
  }

  fs::path folder_;
  FoundSkill found_;
  std::size_t bytes_ = 0;
};

}  // namespace

FoundSkill read_skill_at(const fs::path& path) {
  try {
    // "." and "name/" have names, too.
    const fs::path real = fs::canonical(path);
    if (fs::is_directory(real)) return FolderReading(real).take();
    return {skill_from_text(read_part(real, path.string())), {}};
  } catch (const fs::filesystem_error& error) {
    const bool is_missing = error.code() == std::errc::no_such_file_or_directory;
    throw Error(is_missing ? ErrorKind::NotFound : ErrorKind::Io,
                fmt::format("{}: {}", path.string(), error.code().message()),
                "give a folder with SKILL.md in it, or that file alone");
  }
}

void export_skill(const Skill& skill, const fs::path& folder) {
  const fs::path place = folder / skill.name;
  if (fs::exists(fs::symlink_status(place)))
    throw Error(ErrorKind::Conflict, fmt::format("{} is there already", place.string()),
                "give another folder: git changeling skill export NAME FOLDER");
  for (const auto& [path, content] : skill.files) {
    fs::create_directories((place / path).parent_path());
    write_file(place / path, content, Outlives::Process);
  }
}

}  // namespace changeling::project
