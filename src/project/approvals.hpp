#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "changeling/approval_subject.hpp"
#include "git/repository.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"

namespace changeling::project {

/// What the user approved, and when.
struct Approval {
  std::string digest;
  std::string text;  ///< ApprovalSubject::text as it was then, to show what has changed since.
  Timestamp approved_at{};
};

/// What the user of this machine has approved for one repository. It lies outside the repository, one file a
/// subject, readable and writable by the owner only: approvals/REPOSITORY/KIND/NAME.json below
/// $XDG_DATA_HOME/git-changeling.
class Approvals {
 public:
  /// Of no repository yet (empty `repository_id`), or without a home folder: nothing is approved.
  Approvals(const Environment& environment, std::string repository_id);

  /// Nothing when it was never approved, or when the file is damaged. Throws Error(Refused) when somebody
  /// else could have written it or can read it.
  std::optional<Approval> find(const ApprovalSubject& subject) const;
  /// Whether exactly this is approved. Throws as find() does.
  bool holds(const ApprovalSubject& subject) const;
  void approve(const ApprovalSubject& subject, Timestamp now) const;
  /// Whether there was an approval, whatever state it was in.
  bool revoke(ApprovalSubject::Kind kind, const std::string& name) const;
  /// Kind and name of all there are, sorted.
  std::vector<std::pair<ApprovalSubject::Kind, std::string>> all() const;
  /// Throws Error(Refused) when a folder on the way belongs to or is open to somebody else.
  void check_folders() const;
  /// Throws as check_folders(), and Error(Invalid) without a home folder, where nothing can be approved.
  void require_place() const;

  /// A text that changes with every approval and every revocation.
  std::string change_mark() const;

  const std::string& repository_id() const { return repository_id_; }

 private:
  std::filesystem::path folder(ApprovalSubject::Kind kind) const;
  std::filesystem::path file(ApprovalSubject::Kind kind, const std::string& name) const;

  std::filesystem::path root_;  ///< Empty without a home folder.
  std::string repository_id_;
};

/// What tells this repository from every other one, also from other clones of it: `changeling.repositoryId`,
/// a random word in the repository's own configuration, which clones do not carry. It moves with the folder.
/// Empty when there is none yet. Throws Error(Invalid) for something that cannot be one.
std::string repository_id(const git::Repository& repository);
/// Makes one when there is none yet; for any number of processes at once.
std::string ensure_repository_id(git::Repository& repository, const std::filesystem::path& lock);

}  // namespace changeling::project
