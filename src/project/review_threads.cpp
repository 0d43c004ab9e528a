#include "project/review_threads.hpp"

#include <algorithm>

#include "git/moved_line.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

using store::DiffSide;

const git::ObjectId& side_of(const ComparedCommits& compared, DiffSide side) {
  return side == DiffSide::Old ? compared.first : compared.second;
}

const std::string& commented_commit(const ReviewThread& thread) {
  return thread.comment.side == DiffSide::Old ? thread.base : thread.head;
}

std::optional<git::ObjectId> file_at(const git::Repository& repository, const git::ObjectId& commit,
                                     const std::string& file) {
  return repository.find_file(repository.commit(commit).tree, file);
}

/// What a file of one commit is called in another one; nothing when it is gone there.
std::optional<std::string> name_in(const git::Repository& repository, const git::ObjectId& from,
                                   const git::ObjectId& to, const std::string& file) {
  if (file_at(repository, to, file)) return file;
  for (const git::FileChange& change : repository.changes(from, to)) {
    if (change.kind == git::FileChange::Kind::Renamed && change.old_path == file) return change.path;
  }
  return std::nullopt;
}

std::optional<FilePlace> moved(const git::Repository& repository, const git::ObjectId& from,
                               const git::ObjectId& to, const FilePlace& place) {
  const auto before = file_at(repository, from, place.file);
  const auto name = before ? name_in(repository, from, to, place.file) : std::nullopt;
  if (!name) return std::nullopt;
  const auto after = file_at(repository, to, *name);
  if (!place.line || before == after) return FilePlace{*name, place.line};
  const auto line = git::moved_line(repository.read_blob(*before), repository.read_blob(*after), *place.line);
  return line ? std::optional(FilePlace{*name, line}) : std::nullopt;
}

std::optional<FilePlace> place_today(const git::Repository& repository, const ReviewThread& thread,
                                     const ComparedCommits& compared) {
  const FilePlace place{thread.comment.file, thread.comment.line};
  const git::ObjectId& today = side_of(compared, thread.comment.side);
  if (commented_commit(thread) == today.hex()) return place;
  const auto then = repository.resolve_revision(commented_commit(thread));
  if (!then) return std::nullopt;
  try {
    return moved(repository, *then, today, place);
  } catch (const Error& error) {
    // In a partial clone the old version may not be here.
    if (error.kind() != ErrorKind::Git) throw;
    return std::nullopt;
  }
}

/// The commit and the place in it that a thread is shown with.
std::optional<std::pair<git::ObjectId, FilePlace>> shown_place(
    const git::Repository& repository, const ReviewThread& thread,
    const std::optional<ComparedCommits>& compared) {
  if (thread.now && compared) return std::pair(side_of(*compared, thread.comment.side), *thread.now);
  const auto then = repository.resolve_revision(commented_commit(thread));
  if (!then) return std::nullopt;
  return std::pair(*then, FilePlace{thread.comment.file, thread.comment.line});
}

std::vector<NumberedLine> numbered_lines(const std::string& text, std::int64_t first, std::int64_t last) {
  std::vector<NumberedLine> lines;
  std::int64_t number = 0;
  for (std::string& line : split_lines(text)) {
    if (++number > last) break;
    if (number >= first) lines.push_back({number, std::move(line)});
  }
  return lines;
}

}  // namespace

std::vector<ReviewThread> review_threads(const git::Repository& repository,
                                         const std::vector<store::ReviewRecord>& reviews,
                                         const std::optional<ComparedCommits>& compared) {
  std::vector<ReviewThread> threads;
  for (const store::ReviewRecord& review : reviews) {
    for (std::size_t index = 0; index < review.comments.size(); ++index) {
      ReviewThread thread{store::thread_id(review.id, index),
                          review.author,
                          review.written_at,
                          review.head,
                          review.base,
                          review.comments[index],
                          std::nullopt};
      if (compared) thread.now = place_today(repository, thread, *compared);
      threads.push_back(std::move(thread));
    }
  }
  return threads;
}

std::vector<NumberedLine> lines_around(const git::Repository& repository, const ReviewThread& thread,
                                       const std::optional<ComparedCommits>& compared, std::int64_t around) {
  const auto shown = shown_place(repository, thread, compared);
  if (!shown || !shown->second.line) return {};
  try {
    const auto blob = file_at(repository, shown->first, shown->second.file);
    if (!blob) return {};
    const std::int64_t line = *shown->second.line;
    return numbered_lines(repository.read_blob(*blob), line - around, line + around);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Git) throw;
    return {};
  }
}

bool is_news(const git::Repository& repository, const store::ReviewRecord& review, const std::string& head) {
  if (review.head == head) return true;
  const auto looked_at = repository.resolve_revision(review.head);
  const auto proposed = repository.resolve_revision(head);
  // What was looked at elsewhere and is not here is told once too often rather than never.
  return !looked_at || !proposed || repository.is_ancestor(*proposed, *looked_at);
}

ReviewState review_state(const git::Repository& repository, const std::vector<store::ReviewRecord>& reviews,
                         const std::string& head) {
  ReviewState state;
  for (const store::ReviewRecord& review : reviews) {
    state.changes_requested |=
        review.verdict == store::ReviewVerdict::ChangesRequested && is_news(repository, review, head);
    state.open_threads += static_cast<std::size_t>(
        std::count_if(review.comments.begin(), review.comments.end(),
                      [](const store::ReviewComment& comment) { return !comment.resolved_at; }));
  }
  return state;
}

}  // namespace changeling::project
