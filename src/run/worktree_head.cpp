#include "run/worktree_head.hpp"

#include <sys/stat.h>

#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr std::size_t longest_head = 4096;
constexpr std::size_t object_id_digits = 40;

std::int64_t nanoseconds(const struct timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::optional<WorktreeHead> read_worktree_head(const git::Repository& repository,
                                               const std::filesystem::path& administration) {
  const std::string content = read_regular_file(administration / "HEAD", longest_head).value_or("");
  const std::string_view text = trim(content);
  constexpr std::string_view symbolic = "ref: ";
  if (text.starts_with("ref: refs/heads/")) {
    std::string branch(text.substr(symbolic.size()));
    if (repository.symbolic_target(branch)) return std::nullopt;
    auto commit = repository.resolve(branch);
    return WorktreeHead{std::move(branch), std::move(commit)};
  }
  const bool is_commit =
      text.size() == object_id_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (!is_commit) return std::nullopt;
  return WorktreeHead{"", git::ObjectId::from_hex(text)};
}

FileMark mark_of(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return {};
  return {info.st_ino, static_cast<std::uint64_t>(info.st_size), nanoseconds(info.st_mtim),
          nanoseconds(info.st_ctim)};
}

}  // namespace changeling::run
