#include "git/handles.hpp"

#include <fmt/format.h>

#include "git/library.hpp"
#include "support/error.hpp"

namespace changeling::git {

void ensure_library() {
  static const bool initialized = [] {
    check(git_libgit2_init(), "start libgit2");
    // Extensions that only change where configuration lies, how work trees name each other, or what may be
    // deleted; reading and writing objects and references is not affected. Promised objects come through
    // promised_objects.hpp; the format of references is checked by its value.
    const char* extensions[] = {"worktreeconfig", "relativeworktrees", "preciousobjects",
                                "partialclone",   "refstorage",        "submodulepathconfig"};
    check(git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, std::size(extensions)), "configure libgit2");
    // A process that reads every record once must not keep them all: libgit2 would cache 256 MB of objects
    // and map whole packs. What is read again and again, the operating system keeps anyway.
    check(git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, ssize_t{4 << 20}), "configure libgit2");
    check(git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, std::size_t{4 << 20}), "configure libgit2");
    check(git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, std::size_t{16 << 20}), "configure libgit2");
    return true;
  }();
  static_cast<void>(initialized);
}

std::string last_message() {
  const git_error* error = git_error_last();
  return error == nullptr || error->message == nullptr ? "unknown error" : error->message;
}

void check(int code, std::string_view action) {
  if (code < 0) throw Error(ErrorKind::Git, fmt::format("could not {}: {}", action, last_message()));
}

git_oid to_oid(const ObjectId& id) {
  git_oid oid;
  check(git_oid_fromstr(&oid, id.hex().c_str()), "read an object name");
  return oid;
}

ObjectId from_oid(const git_oid& oid) {
  char hex[GIT_OID_HEXSZ + 1];
  git_oid_tostr(hex, sizeof hex, &oid);
  return ObjectId::from_hex(hex);
}

}  // namespace changeling::git
