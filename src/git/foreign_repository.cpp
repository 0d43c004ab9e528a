#include "git/foreign_repository.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "git/alternates.hpp"
#include "git/directory_parts.hpp"
#include "git/handles.hpp"
#include "git/library.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_link = 4096;
/// Of a file that is read on opening.
constexpr std::uintmax_t longest_read = 64 * 1024 * 1024;

RepositoryHandle open_any(const fs::path& git_entry) {
  ensure_library();
  RepositoryHandle handle;
  const fs::path place = git_entry.filename() == ".git" ? git_entry.parent_path() : git_entry;
  // Agents write as the user, or as somebody whom the sandbox maps to the user.
  check(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0), "configure libgit2");
  const int code =
      git_repository_open_ext(out(handle), place.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  check(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1), "configure libgit2");
  if (code < 0) handle.reset();
  return handle;
}

std::optional<ObjectId> to_id(const git_oid* id) {
  if (id == nullptr || git_oid_is_zero(id) != 0) return std::nullopt;
  char hex[GIT_OID_HEXSZ + 1];
  return ObjectId::from_hex(git_oid_tostr(hex, sizeof hex, id));
}

void read_head(git_repository* repository, ForeignRepository& read) {
  ReferenceHandle head;
  if (git_reference_lookup(out(head), repository, "HEAD") != 0) return;
  if (git_reference_type(head.get()) == GIT_REFERENCE_SYMBOLIC)
    read.branch = git_reference_symbolic_target(head.get());
  ReferenceHandle resolved;
  ObjectHandle commit;
  if (git_reference_resolve(out(resolved), head.get()) != 0) return;
  if (git_reference_peel(out(commit), resolved.get(), GIT_OBJECT_COMMIT) != 0) return;
  read.head = to_id(git_object_id(commit.get()));
}

void read_references(git_repository* repository, ForeignRepository& read) {
  ReferenceIteratorHandle iterator;
  if (git_reference_iterator_new(out(iterator), repository) != 0) return;
  while (true) {
    ReferenceHandle reference;
    if (git_reference_next(out(reference), iterator.get()) != 0) return;
    if (git_reference_type(reference.get()) != GIT_REFERENCE_DIRECT) continue;
    if (auto id = to_id(git_reference_target(reference.get())))
      read.references.emplace(git_reference_name(reference.get()), std::move(*id));
  }
}

bool is_plain_file(const fs::path& path) {
  std::error_code problem;
  const fs::file_status status = fs::status(path, problem);
  if (!fs::exists(status)) return true;
  return fs::is_regular_file(status) && fs::file_size(path, problem) <= longest_read && !problem;
}

/// Where a file named .git leads to; other paths are what they are.
fs::path directory_of(const fs::path& git_entry) {
  const auto text = read_regular_file(git_entry, longest_link);
  constexpr std::string_view leads = "gitdir: ";
  if (!text || !text->starts_with(leads)) return git_entry;
  return git_entry.parent_path() / std::string(trim(text->substr(leads.size())));
}

/// Whether what is read on opening ends: no pipe waits for a writer and no device gives without end.
bool is_plain(const fs::path& git_entry) {
  std::error_code ignored;
  const fs::file_status entry = fs::status(git_entry, ignored);
  if (!fs::is_directory(entry) && !fs::is_regular_file(entry)) return false;
  fs::path common = directory_of(git_entry);
  for (const char* file : {"HEAD", "config", "commondir", "gitdir", "config.worktree"})
    if (!is_plain_file(common / file)) return false;
  if (const auto other = read_regular_file(common / "commondir", longest_link))
    common = (common / std::string(trim(*other))).lexically_normal();
  for (const char* file : {"config", "packed-refs", "shallow"})
    if (!is_plain_file(common / file)) return false;
  const auto stores = with_lenders(common / "objects");
  return std::all_of(stores.begin(), stores.end(),
                     [](const fs::path& store) { return is_plain_file(store / "info/alternates"); });
}

}  // namespace

std::optional<ObjectId> ForeignRepository::target(const std::string& reference) const {
  const auto found = references.find(reference);
  return found == references.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ForeignRepository> read_foreign_repository(const fs::path& git_entry) {
  if (!is_plain(git_entry)) return std::nullopt;
  const RepositoryHandle handle = open_any(git_entry);
  if (!handle) return std::nullopt;
  std::error_code problem;
  ForeignRepository read;
  read.git_directory = fs::canonical(git_repository_path(handle.get()), problem);
  if (problem) return std::nullopt;
  read.common_directory = fs::canonical(git_repository_commondir(handle.get()), problem);
  if (problem) return std::nullopt;
  read_head(handle.get(), read);
  read_references(handle.get(), read);
  return read;
}

void make_view(const ForeignRepository& repository, const fs::path& folder, const std::string& config) {
  fs::remove_all(folder);
  create_private_directories(folder / "refs");
  fs::create_symlink(repository.common_directory / "objects", folder / "objects");
  write_file(folder / "packed-refs", packed_references(repository.references), Outlives::Process);
  const std::string head = !repository.branch.empty() ? "ref: " + repository.branch
                           : repository.head          ? repository.head->hex()
                                                      : "ref: refs/heads/none";
  write_file(folder / "HEAD", head + "\n", Outlives::Process);
  copy_data(repository.common_directory / "shallow", folder / "shallow");
  copy_data(repository.common_directory / "logs/refs/stash", folder / "logs/refs/stash");
  copy_data(repository.git_directory / "FETCH_HEAD", folder / "FETCH_HEAD");
  write_file(folder / "config", config, Outlives::Process);
}

}  // namespace changeling::git
