#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace changeling::run {

/// What git did with references and configuration, read from what GIT_TRACE and GIT_TRACE_REFS (git 2.30 and
/// newer, git(1)) made it write into one file. Programs that use a library instead of git leave no trace.
class GitTrace {
 public:
  /// Empty when there is no such file.
  static GitTrace read(const std::filesystem::path& file);

  /// Objects, or for HEAD branches, that the reference was made to name, in their order.
  const std::vector<std::string>& values(const std::string& reference) const;
  bool deleted(const std::string& reference) const { return deleted_.count(reference) > 0; }
  /// Whether a command was given that could have changed the configuration's `key`.
  bool could_have_set(std::string_view key) const;

 private:
  void read_line(const std::string& line);
  void read_reference(const std::vector<std::string>& words);
  void note(const std::string& reference, const std::string& value);

  std::map<std::string, std::vector<std::string>> values_;
  std::set<std::string> deleted_;
  std::set<std::string> commands_;  ///< In lower case.
};

}  // namespace changeling::run
