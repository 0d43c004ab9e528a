#include <fmt/format.h>

#include "git/last_words.hpp"
#include "git/program.hpp"

namespace changeling::git {

namespace fs = std::filesystem;

bool GitProgram::may_have_lfs_objects() const {
  // git-lfs makes this folder with the first object that goes through its filter here.
  std::error_code unknown;
  return !place_.common_directory.empty() && fs::is_directory(place_.common_directory / "lfs", unknown) &&
         find_program("git-lfs", environment_);
}

std::optional<std::string> GitProgram::upload_lfs_objects(const std::string& remote, const ObjectId& commit,
                                                          const std::string& reference) const {
  if (!may_have_lfs_objects()) return std::nullopt;
  // What git would tell git-lfs's own pre-push hook; zeros: nothing is known to be there.
  const std::string line =
      fmt::format("{0} {1} {0} {2}\n", reference, commit.hex(), std::string(commit.hex().size(), '0'));
  const ProcessResult result = run({"lfs", "pre-push", remote}, {}, std::chrono::milliseconds(0), line);
  if (result.status.success()) return std::nullopt;
  return fmt::format("git-lfs did not upload the objects of {}: {}", reference, last_words(result));
}

}  // namespace changeling::git
