#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/repository.hpp"
#include "queue/task.hpp"
#include "store/damaged.hpp"
#include "store/pull_request_record.hpp"

namespace changeling::store {

/// A file of the state as it is now and as it would be after taking an operation back; nothing where it does
/// not exist.
struct RestoredFile {
  std::string path;
  std::optional<std::string> now;
  std::optional<std::string> then;
};

/// Why these files must not be brought back, from what they hold: a run that runs or would run again, a task
/// that is claimed, a pull request whose branch has been merged. Throws Error(Refused), with the command that
/// does take all of it back where there is one.
void check_restorable(const git::Repository& repository, const std::vector<RestoredFile>& files);

/// Throws Error(Refused).
[[noreturn]] void refuse_undo(const std::string& reason, const std::string& hint);

/// What a file says, or nothing for a missing or a damaged one: taking back what damaged a record must work.
template <typename Read>
auto sound_record(const std::optional<std::string>& content, const std::string& path, const Read& read)
    -> std::optional<decltype(read(std::declval<const std::string&>()))> {
  std::optional<decltype(read(std::declval<const std::string&>()))> record;
  if (content) read_or_note(path, nullptr, [&] { record = read(*content); });
  return record;
}

/// The task in the content of a file, or nothing for a missing or a damaged one.
std::optional<queue::Task> task_in(const std::optional<std::string>& content, const std::string& path);

/// The whole command that takes a merged pull request out of its branch again, with all its commits.
std::string revert_command(const git::Repository& repository, const PullRequestRecord& pull);

}  // namespace changeling::store
