#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "project/project.hpp"

namespace changeling::webhooks {

/// The secrets of this machine for the webhooks of one repository: a file for each webhook, readable by its
/// owner only, at webhooks/REPOSITORY/NAME.json in the user's configuration. They are in no repository.
class SecretStore {
 public:
  /// Gives the repository an id if it has none yet. Throws Error(Invalid) without a home folder.
  explicit SecretStore(project::Project& project);

  /// The one in use first, then the one before it while both are taken; none when this machine has none.
  /// Throws Error(Refused) when others could have read them.
  std::vector<std::string> secrets(const std::string& webhook) const;
  /// Another one from now on; `before` says whether the one so far stays right besides it.
  enum class Before { Kept, Dropped };
  void set(const std::string& webhook, const std::string& secret, Before before) const;
  /// Only the newest stays. Returns whether there was an older one.
  bool drop_older(const std::string& webhook) const;
  void remove(const std::string& webhook) const;

 private:
  std::filesystem::path file(const std::string& webhook) const;
  void write(const std::string& webhook, const std::vector<std::string>& secrets) const;

  std::filesystem::path folder_;
};

}  // namespace changeling::webhooks
