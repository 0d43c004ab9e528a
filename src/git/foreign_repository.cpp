#include "git/foreign_repository.hpp"

#include <fmt/format.h>

#include "git/handles.hpp"
#include "git/library.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_copy = 16 * 1024 * 1024;

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

void copy_data(const fs::path& from, const fs::path& to) {
  if (const auto text = read_regular_file(from, longest_copy); text && !text->empty())
    write_file(to, *text, Outlives::Process);
}

std::string packed(const std::map<std::string, ObjectId>& references) {
  std::string text = "# pack-refs with: sorted \n";
  for (const auto& [name, id] : references) text += fmt::format("{} {}\n", id.hex(), name);
  return text;
}

}  // namespace

std::optional<ObjectId> ForeignRepository::target(const std::string& reference) const {
  const auto found = references.find(reference);
  return found == references.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ForeignRepository> read_foreign_repository(const fs::path& git_entry) {
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
  write_file(folder / "packed-refs", packed(repository.references), Outlives::Process);
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
