#include "git/clean_environment.hpp"

#include <algorithm>
#include <array>

#include "support/text.hpp"

namespace changeling::git {
namespace {

/// git(1), gitnamespaces(7), githooks(5), and `git rev-parse --local-env-vars` without the GIT_CONFIG ones
/// that carry `git -c`.
constexpr std::array<std::string_view, 44> names{"GIT_ADVICE",
                                                 "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                                 "GIT_CEILING_DIRECTORIES",
                                                 "GIT_CHERRY_PICK_HELP",
                                                 "GIT_COMMON_DIR",
                                                 "GIT_CONFIG",
                                                 "GIT_CURL_VERBOSE",
                                                 "GIT_DEFAULT_HASH",
                                                 "GIT_DEFAULT_REF_FORMAT",
                                                 "GIT_DIFF_OPTS",
                                                 "GIT_DIFF_PATH_COUNTER",
                                                 "GIT_DIFF_PATH_TOTAL",
                                                 "GIT_DIR",
                                                 "GIT_DISCOVERY_ACROSS_FILESYSTEM",
                                                 "GIT_EDITOR",
                                                 "GIT_EXTERNAL_DIFF",
                                                 "GIT_FLUSH",
                                                 "GIT_GRAFT_FILE",
                                                 "GIT_IMPLICIT_WORK_TREE",
                                                 "GIT_INDEX_FILE",
                                                 "GIT_INDEX_VERSION",
                                                 "GIT_MERGE_AUTOEDIT",
                                                 "GIT_MERGE_VERBOSITY",
                                                 "GIT_NAMESPACE",
                                                 "GIT_NOTES_DISPLAY_REF",
                                                 "GIT_NOTES_REF",
                                                 "GIT_NO_LAZY_FETCH",
                                                 "GIT_NO_REPLACE_OBJECTS",
                                                 "GIT_OBJECT_DIRECTORY",
                                                 "GIT_OPTIONAL_LOCKS",
                                                 "GIT_PAGER",
                                                 "GIT_PAGER_IN_USE",
                                                 "GIT_PREFIX",
                                                 "GIT_PRINT_SHA1_ELLIPSIS",
                                                 "GIT_PROTOCOL",
                                                 "GIT_REFERENCE_BACKEND",
                                                 "GIT_REFLOG_ACTION",
                                                 "GIT_REF_PARANOIA",
                                                 "GIT_REPLACE_REF_BASE",
                                                 "GIT_SEQUENCE_EDITOR",
                                                 "GIT_SHALLOW_FILE",
                                                 "GIT_TRANSLOOP_DEBUG",
                                                 "GIT_TRANSPORT_HELPER_DEBUG",
                                                 "GIT_WORK_TREE"};

/// Families of which git may have more than this list knows.
constexpr std::array<std::string_view, 7> beginnings{
    "GIT_ATTR_",        "GIT_INTERNAL_",   "GIT_NOTES_REWRITE_", "GIT_PUSH_CERT",
    "GIT_PUSH_OPTION_", "GIT_QUARANTINE_", "GIT_REDIRECT_"};
constexpr std::string_view pathspecs = "_PATHSPECS";

/// GIT_TRACE and its kin name a descriptor, a file or a socket. What comes on standard error would be taken
/// for what git has to say; who keeps traces in a file goes on getting them.
bool is_trace_into_our_streams(std::string_view name, std::string_view value) {
  if (!name.starts_with("GIT_TRACE")) return false;
  return (value.size() == 1 && value[0] >= '1' && value[0] <= '9') || to_lower(value) == "true";
}

}  // namespace

bool is_repository_variable(std::string_view name, std::string_view value) {
  if (!name.starts_with("GIT_")) return false;
  if (std::find(names.begin(), names.end(), name) != names.end() || name.ends_with(pathspecs)) return true;
  if (is_trace_into_our_streams(name, value)) return true;
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return name.starts_with(beginning); });
}

Environment without_repository_variables(const Environment& environment) {
  Environment clean = environment;
  for (const auto& [name, value] : environment.variables()) {
    if (is_repository_variable(name, value)) clean.unset(name);
  }
  return clean;
}

}  // namespace changeling::git
