#pragma once

#include <git2.h>

#include <memory>
#include <string_view>

#include "git/object_id.hpp"

namespace changeling::git {

/// Calls the libgit2 function that frees a handle.
template <auto Free>
struct Deleter {
  template <typename Handle>
  void operator()(Handle* handle) const {
    Free(handle);
  }
};

template <typename Type, auto Free>
using Handle = std::unique_ptr<Type, Deleter<Free>>;

using RepositoryHandle = Handle<git_repository, git_repository_free>;
using ReferenceHandle = Handle<git_reference, git_reference_free>;
using ReferenceIteratorHandle = Handle<git_reference_iterator, git_reference_iterator_free>;
using ObjectHandle = Handle<git_object, git_object_free>;
using CommitHandle = Handle<git_commit, git_commit_free>;
using TreeHandle = Handle<git_tree, git_tree_free>;
using TreeEntryHandle = Handle<git_tree_entry, git_tree_entry_free>;
using TreeBuilderHandle = Handle<git_treebuilder, git_treebuilder_free>;
using BlobHandle = Handle<git_blob, git_blob_free>;
using ConfigHandle = Handle<git_config, git_config_free>;
using ConfigIteratorHandle = Handle<git_config_iterator, git_config_iterator_free>;
using SignatureHandle = Handle<git_signature, git_signature_free>;
using DiffHandle = Handle<git_diff, git_diff_free>;
using IndexHandle = Handle<git_index, git_index_free>;
using PatchHandle = Handle<git_patch, git_patch_free>;
using ObjectDatabaseHandle = Handle<git_odb, git_odb_free>;
using DatabaseObjectHandle = Handle<git_odb_object, git_odb_object_free>;
using RevisionWalkHandle = Handle<git_revwalk, git_revwalk_free>;

/// Lets a `type**` out-parameter fill a handle: git_x_lookup(out(handle), …).
template <typename Type, typename Delete>
class OutParameter {
 public:
  explicit OutParameter(std::unique_ptr<Type, Delete>& handle) : handle_(handle) {}
  OutParameter(const OutParameter&) = delete;
  OutParameter& operator=(const OutParameter&) = delete;
  ~OutParameter() { handle_.reset(raw_); }
  operator Type**() { return &raw_; }  // NOLINT(google-explicit-constructor): that is its purpose

 private:
  std::unique_ptr<Type, Delete>& handle_;
  Type* raw_ = nullptr;
};

template <typename Type, typename Delete>
OutParameter<Type, Delete> out(std::unique_ptr<Type, Delete>& handle) {
  return OutParameter<Type, Delete>(handle);
}

/// A git_buf that is disposed of.
class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { git_buf_dispose(&buffer_); }
  git_buf* get() { return &buffer_; }
  std::string_view view() const { return {buffer_.ptr == nullptr ? "" : buffer_.ptr, buffer_.size}; }

 private:
  git_buf buffer_ = GIT_BUF_INIT;
};

/// Throws Error(Git) "could not ACTION: libgit2's message" when `code` is negative.
void check(int code, std::string_view action);
/// libgit2's message for the last failure of this thread, or "unknown error".
std::string last_message();

git_oid to_oid(const ObjectId& id);
ObjectId from_oid(const git_oid& oid);

}  // namespace changeling::git
