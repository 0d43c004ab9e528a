#include "project/commented_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

using store::DiffSide;

/// git's own rule: a NUL near the beginning (buffer_is_binary in its xdiff-interface.c).
bool is_binary(std::string_view text) {
  constexpr std::size_t looked_at = 8000;
  return text.substr(0, looked_at).find('\0') != std::string_view::npos;
}

std::int64_t count_lines(std::string_view text) {
  const auto ends = std::count(text.begin(), text.end(), '\n');
  return text.empty() || text.ends_with('\n') ? ends : ends + 1;
}

void check_line(const store::ReviewComment& comment, std::string_view text) {
  if (is_binary(text))
    throw Error(ErrorKind::Invalid, fmt::format("'{}' is binary and has no lines", shortened(comment.file)),
                "comment on the file as a whole, without a line");
  const std::int64_t last = count_lines(text);
  if (*comment.line >= 1 && *comment.line <= last) return;
  throw Error(ErrorKind::NotFound, fmt::format("'{}' has no line {}", shortened(comment.file), *comment.line),
              last == 0 ? "it is empty" : fmt::format("its last line is {}", last));
}

/// "a, b and 3 more"
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t most = 5;
  std::vector<std::string> shown;
  for (std::size_t index = 0; index < std::min(most, names.size()); ++index)
    shown.push_back(shortened(names[index]));
  const std::string list = join(shown, ", ");
  return names.size() <= most ? list : fmt::format("{} and {} more", list, names.size() - most);
}

}  // namespace

CommentedFiles::CommentedFiles(const git::Repository& repository, const ComparedCommits& compared)
    : repository_(repository),
      new_tree_(repository.commit(compared.second).tree),
      old_tree_(repository.commit(compared.first).tree),
      changes_(repository.changes(compared.first, compared.second)) {}

void CommentedFiles::check(store::ReviewComment& comment) const {
  const bool is_old = comment.side == DiffSide::Old;
  std::string path = comment.file;
  for (const git::FileChange& change : changes_) {
    const bool is_meant = valid_utf8(change.path) == comment.file;
    if (is_meant && (!is_old || change.kind != git::FileChange::Kind::Added))
      path = is_old ? change.old_path : change.path;
  }
  const auto blob = repository_.find_file(is_old ? old_tree_ : new_tree_, path);
  if (!blob) throw missing_file(comment);
  comment.file = valid_utf8(path);
  if (comment.line) check_line(comment, repository_.read_blob(*blob));
}

Error CommentedFiles::missing_file(const store::ReviewComment& comment) const {
  using Kind = git::FileChange::Kind;
  const bool is_old = comment.side == DiffSide::Old;
  std::vector<std::string> names;
  for (const git::FileChange& change : changes_) {
    const bool is_here = valid_utf8(change.path) == comment.file;
    if (is_here && !is_old && change.kind == Kind::Deleted)
      return Error(ErrorKind::NotFound, fmt::format("the request deletes '{}'", shortened(comment.file)),
                   "comment on a line that it had: on the old side (--old)");
    if (is_here && is_old && change.kind == Kind::Added)
      return Error(ErrorKind::NotFound, fmt::format("the request adds '{}'", shortened(comment.file)),
                   "it has no old side");
    if (!is_old && change.kind == Kind::Renamed && valid_utf8(change.old_path) == comment.file)
      return Error(ErrorKind::NotFound, fmt::format("the request renames '{}'", shortened(comment.file)),
                   fmt::format("comment on '{}'", shortened(valid_utf8(change.path))));
    names.push_back(valid_utf8(change.path));
  }
  const auto near = nearest(comment.file, names);
  return Error(ErrorKind::NotFound,
               fmt::format("there is no file '{}' in the request", shortened(comment.file)),
               near ? fmt::format("did you mean '{}'?", shortened(*near)) : "it changes " + some_of(names));
}

}  // namespace changeling::project
