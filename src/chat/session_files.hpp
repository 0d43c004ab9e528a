#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "chat/session.hpp"
#include "project/project.hpp"
#include "support/files.hpp"

namespace changeling::chat {

/// The sessions of a repository on this machine: `changelings/chat/ID.jsonl` in the git folder, readable by
/// their owner only, also in a repository that a group shares. They are on no reference.
class SessionFiles {
 public:
  explicit SessionFiles(project::Project& project);

  /// The newest first. What cannot be read is left out.
  std::vector<Session> all() const;
  /// Throws Error(NotFound) when there is none, and Error(Usage) for what can be no id.
  Session read(const std::string& id) const;
  /// The id that begins so. Throws Error(NotFound), or Error(Usage) where several do.
  std::string find(const std::string& beginning) const;

  /// Held by whoever lets the agent answer. Nothing while somebody else does.
  std::optional<FileLock> try_lock(const std::string& id) const;
  /// Held by whoever decides about proposals of the session.
  std::filesystem::path decisions(const std::string& id) const { return folder_ / (id + ".decisions"); }
  /// The line is whole or absent, also after a power loss.
  void append(const std::string& id, const std::string& line) const;
  /// A folder of its own for what the agent needs while it works.
  std::filesystem::path work_folder(const std::string& id) const { return folder_ / (id + ".work"); }
  /// Its existence asks the process that lets the agent answer to end it.
  std::filesystem::path stop_request(const std::string& id) const { return folder_ / (id + ".stop"); }

  /// Sessions in which nothing has happened for 90 days go, and of more than 200 the oldest that are older
  /// than two months: what chats cost in a month is counted from them.
  void drop_old(Timestamp now) const;
  /// What all chats count for since a moment.
  double spent_since(Timestamp since) const;

 private:
  std::filesystem::path file(const std::string& id) const { return folder_ / (id + ".jsonl"); }
  std::filesystem::path lock(const std::string& id) const { return folder_ / (id + ".lock"); }
  std::vector<std::string> ids() const;

  std::filesystem::path folder_;
};

}  // namespace changeling::chat
