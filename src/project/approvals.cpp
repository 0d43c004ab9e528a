#include "project/approvals.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;
using Kind = ApprovalSubject::Kind;

constexpr auto kinds = std::to_array<Kind>(
    {Kind::Agent, Kind::Changeling, Kind::Role, Kind::Criterion, Kind::Webhook, Kind::Subagent, Kind::Skill});
constexpr const char* id_key = "changeling.repositoryId";
constexpr std::size_t id_length = 16;

/// Throws unless the path belongs to this user and nobody else can do anything with it. Nothing there is
/// fine. A symbolic link is not followed, so it counts as what it is: open to all.
void check_private(const fs::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return;
  if (info.st_uid != ::geteuid()) {
    throw Error(ErrorKind::Refused, fmt::format("approvals: {} belongs to another user", path.string()),
                fmt::format("if you do not know why, remove it and approve again: rm -r {}", path.string()));
  }
  if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode)) {
    throw Error(ErrorKind::Refused,
                fmt::format("approvals: {} is neither a file nor a folder", path.string()),
                fmt::format("remove it and approve again: rm {}", path.string()));
  }
  if ((info.st_mode & 077U) != 0) {
    throw Error(ErrorKind::Refused,
                fmt::format("approvals: others can read or write {} (mode {:03o})", path.string(),
                            info.st_mode & 0777U),
                fmt::format("if nobody has changed it: chmod go= {}; otherwise remove it and approve again",
                            path.string()));
  }
}

/// Earlier versions of the program approved as well whether a changeling is enabled. Other lines that begin
/// so there are none: values of several lines are indented.
Approval without_switch(Approval approval, const std::string& repository_id, const ApprovalSubject& subject) {
  std::string text;
  for (const std::string& line : split_lines(approval.text)) {
    if (line != "enabled: true" && line != "enabled: false") text += line + "\n";
  }
  ApprovalSubject then{subject.kind, subject.name, approval.text};
  if (text == approval.text || approval_digest(repository_id, then) != approval.digest) return approval;
  then.text = std::move(text);
  approval.digest = approval_digest(repository_id, then);
  approval.text = then.text;
  return approval;
}

}  // namespace

Approvals::Approvals(const Environment& environment, std::string repository_id)
    : repository_id_(std::move(repository_id)) {
  if (const auto folder = find_user_folder(environment, UserFolder::Data)) {
    root_ = *folder / "approvals";
  } else {
    // Without a home nothing has been approved, and nothing can be.
    repository_id_.clear();
  }
}

fs::path Approvals::folder(Kind kind) const {
  const std::string plural =
      kind == Kind::Criterion ? std::string("criteria") : fmt::format("{}s", to_string(kind));
  return root_ / repository_id_ / plural;
}

fs::path Approvals::file(Kind kind, const std::string& name) const {
  return folder(kind) / (name + ".json");
}

std::string Approvals::change_mark() const {
  std::string mark = repository_id_;
  if (repository_id_.empty()) return mark;
  for (const Kind kind : kinds) {
    // Files are replaced, never written into, and that changes their folder.
    std::error_code missing;
    const auto time = fs::last_write_time(folder(kind), missing);
    mark += missing ? " -" : fmt::format(" {}", time.time_since_epoch().count());
  }
  return mark;
}

void Approvals::check_folders() const {
  if (root_.empty()) return;
  check_private(root_);
  if (repository_id_.empty()) return;
  check_private(root_ / repository_id_);
  for (const Kind kind : kinds) check_private(folder(kind));
}

void Approvals::require_place() const {
  if (root_.empty()) {
    throw Error(ErrorKind::Invalid, "HOME is not set, so there is no place for approvals",
                "set HOME, or XDG_DATA_HOME");
  }
  check_folders();
  create_private_directories(root_);
  if (::access(root_.c_str(), W_OK) != 0)
    throw Error(ErrorKind::Io, fmt::format("approvals cannot be written to {}", root_.string()),
                "set XDG_DATA_HOME to a folder that you can write in");
}

std::optional<Approval> Approvals::find(const ApprovalSubject& subject) const {
  check_folders();
  if (repository_id_.empty()) return std::nullopt;
  const fs::path path = file(subject.kind, subject.name);
  check_private(path);
  const auto text = read_file_if_exists(path);
  if (!text) return std::nullopt;
  try {
    const Json record = parse_json(*text, path.string());
    Approval approval{json_string(record, "digest").value_or(""), json_string(record, "text").value_or(""),
                      json_timestamp(record, "approved_at").value_or(Timestamp{})};
    if (approval.digest.empty()) return std::nullopt;
    return without_switch(std::move(approval), repository_id_, subject);
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool Approvals::holds(const ApprovalSubject& subject) const {
  const auto approval = find(subject);
  return approval && approval->digest == approval_digest(repository_id_, subject);
}

void Approvals::approve(const ApprovalSubject& subject, Timestamp now) const {
  require_place();
  if (repository_id_.empty()) throw Error(ErrorKind::Internal, "an approval for a repository without an id");
  const Json record{{"version", 1},
                    {"digest", approval_digest(repository_id_, subject)},
                    {"approved_at", format_timestamp(now)},
                    {"text", subject.text}};
  write_file(file(subject.kind, subject.name),
             record.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

bool Approvals::revoke(Kind kind, const std::string& name) const {
  if (repository_id_.empty()) return false;
  std::error_code error;
  const fs::path path = file(kind, name);
  const bool removed = fs::remove(path, error);
  if (error && error != std::errc::not_a_directory) {
    throw Error(ErrorKind::Io, fmt::format("could not remove {}: {}", path.string(), error.message()));
  }
  return removed;
}

std::vector<std::pair<Kind, std::string>> Approvals::all() const {
  std::vector<std::pair<Kind, std::string>> found;
  if (repository_id_.empty()) return found;
  for (const Kind kind : kinds) {
    std::error_code missing;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder(kind), missing)) {
      if (entry.path().extension() == ".json") found.emplace_back(kind, entry.path().stem().string());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string repository_id(const git::Repository& repository) {
  const std::string id = repository.config(id_key).value_or("");
  const auto allowed = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
  };
  if (!id.empty() &&
      (id.size() < id_length || id.size() > 64 || !std::all_of(id.begin(), id.end(), allowed))) {
    throw Error(ErrorKind::Invalid,
                fmt::format("{}: '{}' is not {} to 64 lower-case letters and digits", id_key, id, id_length),
                fmt::format("let a new one be made, and approve again: git config --unset {}", id_key));
  }
  return id;
}

std::string ensure_repository_id(git::Repository& repository, const fs::path& lock) {
  if (std::string id = repository_id(repository); !id.empty()) return id;
  const auto alone = FileLock::acquire(lock, std::chrono::seconds(10));
  if (std::string id = repository_id(repository); !id.empty()) return id;
  const std::string id = random_id(id_length);
  repository.set_config(id_key, id);
  return id;
}

}  // namespace changeling::project
