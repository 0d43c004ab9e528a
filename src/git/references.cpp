#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "git/held_object.hpp"
#include "git/locked_reference.hpp"
#include "git/repository_state.hpp"
#include "support/error.hpp"
#include "support/process.hpp"

namespace changeling::git {
namespace {

constexpr int most_attempts = 5;
constexpr auto lock_patience = std::chrono::seconds(2);
constexpr const char* packed_lock = "packed-refs.lock";
constexpr auto between_looks = std::chrono::milliseconds(20);

std::optional<ObjectId> peel_to_commit(git_object* object) {
  ObjectHandle commit;
  if (git_object_peel(out(commit), object, GIT_OBJECT_COMMIT) < 0) return std::nullopt;
  return from_oid(*git_object_id(commit.get()));
}

/// `git gc` locks each reference for a moment, and every writer does.
template <typename Write>
int wait_for_lock(const Write& write) {
  const auto until = std::chrono::steady_clock::now() + lock_patience;
  int code = write();
  while (code == GIT_ELOCKED && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(between_looks);
    code = write();
  }
  return code;
}

[[noreturn]] void throw_locked(const std::filesystem::path& common_directory, const std::string& reference) {
  // A packed reference is deleted under the lock of them all.
  std::filesystem::path lock = common_directory / (reference + ".lock");
  const std::filesystem::path packed = common_directory / packed_lock;
  std::error_code ignored;
  if (!std::filesystem::exists(lock, ignored) && std::filesystem::exists(packed, ignored)) lock = packed;
  throw LockedReference(
      ErrorKind::Conflict,
      fmt::format("another git command is at work on {}: {} exists", reference, lock.string()),
      fmt::format("wait until it has ended, or if none runs: rm {}; then try again",
                  shell_quote(lock.string())));
}

/// The answers of libgit2 that mean "somebody else was faster".
SwapResult swap_result(int code, const std::filesystem::path& common_directory,
                       const std::string& reference) {
  if (code == GIT_ELOCKED) throw_locked(common_directory, reference);
  if (code == GIT_EMODIFIED || code == GIT_ENOTFOUND || code == GIT_EEXISTS) return SwapResult::Moved;
  check(code, "write " + reference);
  return SwapResult::Swapped;
}

}  // namespace

std::optional<ObjectId> Repository::resolve(const std::string& reference) const {
  ReferenceHandle handle;
  const int code = git_reference_lookup(out(handle), state_->raw(), reference.c_str());
  if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC) return std::nullopt;
  check(code, "read " + reference);
  ObjectHandle object;
  if (git_reference_peel(out(object), handle.get(), GIT_OBJECT_COMMIT) < 0) return std::nullopt;
  return from_oid(*git_object_id(object.get()));
}

std::optional<std::string> Repository::symbolic_target(const std::string& reference) const {
  ReferenceHandle handle;
  if (git_reference_lookup(out(handle), state_->raw(), reference.c_str()) < 0) return std::nullopt;
  const char* target = git_reference_symbolic_target(handle.get());
  return target == nullptr ? std::nullopt : std::optional<std::string>(target);
}

std::optional<ObjectId> Repository::resolve_revision(const std::string& revision) const {
  ObjectHandle object;
  if (git_revparse_single(out(object), state_->raw(), revision.c_str()) < 0) return std::nullopt;
  return peel_to_commit(object.get());
}

std::optional<std::string> Repository::current_branch() const {
  const auto target = symbolic_target("HEAD");
  constexpr std::string_view prefix = "refs/heads/";
  if (!target || !target->starts_with(prefix)) return std::nullopt;
  return target->substr(prefix.size());
}

std::vector<std::string> Repository::references(const std::string& prefix) const {
  ReferenceIteratorHandle iterator;
  check(git_reference_iterator_new(out(iterator), state_->raw()), "list the references");
  std::vector<std::string> names;
  const char* name = nullptr;
  while (git_reference_next_name(&name, iterator.get()) == 0) {
    if (std::string_view(name).starts_with(prefix)) names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::map<std::string, ObjectId> Repository::reference_targets() const {
  ReferenceIteratorHandle iterator;
  check(git_reference_iterator_new(out(iterator), state_->raw()), "list the references");
  std::map<std::string, ObjectId> targets;
  for (;;) {
    ReferenceHandle reference;
    if (git_reference_next(out(reference), iterator.get()) != 0) return targets;
    if (const git_oid* target = git_reference_target(reference.get()))
      targets.emplace(git_reference_name(reference.get()), from_oid(*target));
  }
}

SwapResult Repository::compare_and_swap(const std::string& reference, const std::optional<ObjectId>& expected,
                                        const ObjectId& desired, const std::string& log_message) {
  const SharedUmask rights(state_->shared_umask);
  const git_oid target = to_oid(desired);
  const bool is_only_held = reference.starts_with(held_references);
  FreshObjects& fresh = state_->fresh_objects;
  if (is_only_held) {
    fresh.restore(state_->common_directory, state_->database());
    fresh.take_over(state_->raw(), target, state_->is_partial);
  }
  const auto swap = [&] {
    ReferenceHandle written;
    if (!expected) {
      return git_reference_create(out(written), state_->raw(), reference.c_str(), &target, 0,
                                  log_message.c_str());
    }
    const git_oid old = to_oid(*expected);
    return git_reference_create_matching(out(written), state_->raw(), reference.c_str(), &target, 1, &old,
                                         log_message.c_str());
  };
  // `git pack-refs` deletes folders that have become empty, and a gc objects that no reference leads to yet:
  // both can happen between two steps of libgit2.
  int code = GIT_ERROR;
  for (int attempt = 0; code == GIT_ERROR && attempt < most_attempts; ++attempt) {
    fresh.restore(state_->common_directory, state_->database());
    code = wait_for_lock(swap);
  }
  const SwapResult result = swap_result(code, state_->common_directory, reference);
  if (result == SwapResult::Moved) return result;
  if (is_only_held) {
    fresh.protect(state_->common_directory, state_->database());
  } else {
    fresh.secure(state_->common_directory, state_->database());
  }
  return result;
}

SwapResult Repository::remove_reference(const std::string& reference, const ObjectId& expected) {
  const SharedUmask rights(state_->shared_umask);
  ReferenceHandle handle;
  const int code = git_reference_lookup(out(handle), state_->raw(), reference.c_str());
  if (code == GIT_ENOTFOUND) return SwapResult::Moved;
  check(code, "read " + reference);
  const git_oid* target = git_reference_target(handle.get());
  if (target == nullptr || from_oid(*target) != expected) return SwapResult::Moved;
  // git_reference_delete compares with the value read above under libgit2's lock.
  // libgit2 1.5 says that it has deleted a packed reference also where the file of them all is locked, and
  // believes itself from then on. git looks at that lock for every deletion, too.
  const auto remove = [&] {
    std::error_code ignored;
    if (std::filesystem::exists(state_->common_directory / packed_lock, ignored)) return int{GIT_ELOCKED};
    const int done = git_reference_delete(handle.get());
    return done == 0 && resolve(reference) == expected ? int{GIT_ELOCKED} : done;
  };
  return swap_result(wait_for_lock(remove), state_->common_directory, reference);
}

bool is_valid_reference_component(std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos || name.starts_with('-')) return false;
  int valid = 0;
  return git_reference_name_is_valid(&valid, fmt::format("refs/heads/{}", name).c_str()) == 0 && valid == 1;
}

}  // namespace changeling::git
