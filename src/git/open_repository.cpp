#include <fmt/format.h>
#include <git2/sys/repository.h>

#include "git/clean_environment.hpp"
#include "git/library.hpp"
#include "git/program.hpp"
#include "git/promised_objects.hpp"
#include "git/repository_state.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

/// What git itself says of the repository, for the few questions where libgit2 has another opinion.
ProcessResult ask_there(const fs::path& start, const Environment& environment,
                        std::vector<std::string> arguments) {
  Command command;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), "git");
  command.working_directory = fs::is_directory(start) ? start : start.parent_path();
  command.environment = without_repository_variables(environment);
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE"}) {
    if (const auto value = environment.get(name)) command.environment->set(name, *value);
  }
  command.environment->set("LC_MESSAGES", "C");
  command.environment->unset("LC_ALL");
  return SystemProcessRunner().run(command);
}

/// The line with the command that git advises, or nothing.
std::string advised_command(const std::string& words) {
  for (const std::string& line : split_lines(words)) {
    if (const auto text = trim(line); text.starts_with("git config")) return std::string(text);
  }
  return "";
}

[[noreturn]] void refuse_owner(const fs::path& start, const std::string& words) {
  std::string said = fmt::format("{} belongs to another user", start.string());
  if (const auto fatal = words.find("fatal: "); fatal != std::string::npos)
    said = words.substr(fatal + 7, words.find('\n', fatal) - fatal - 7);
  std::string command = advised_command(words);
  if (command.empty()) command = fmt::format("git config --global --add safe.directory {}", start.string());
  throw Error(ErrorKind::Refused, said, fmt::format("if you trust it: {}", command));
}

[[noreturn]] void refuse_format(const fs::path& start, std::string_view what, std::string hint) {
  throw Error(ErrorKind::Refused, fmt::format("{}: {} cannot be read by this version", start.string(), what),
              std::move(hint));
}

[[noreturn]] void refuse_reftable(const fs::path& start) {
  refuse_format(start, "a repository with the reftable format",
                "convert it with: git refs migrate --ref-format=files");
}

[[noreturn]] void explain_open_failure(int code, const fs::path& start) {
  const std::string message = last_message();
  if (code == GIT_ENOTFOUND) {
    throw Error(ErrorKind::NotFound, fmt::format("not in a git repository: {}", start.string()),
                "go to a repository, use -C PATH, or create one with: git init");
  }
  const std::string lower = to_lower(message);
  if (lower.find("extensions.objectformat") != std::string::npos ||
      lower.find("object format") != std::string::npos) {
    refuse_format(start, "a repository with SHA-256 object names",
                  "use a repository with SHA-1 names (git init --object-format=sha1)");
  }
  constexpr std::string_view extension = "extensions.";
  if (const auto found = lower.find(extension); found != std::string::npos) {
    std::string name = lower.substr(found + extension.size());
    name = name.substr(0, name.find_first_of(" '\""));
    refuse_format(start, fmt::format("a repository with the extension {}{}", extension, name),
                  "its files are laid out in a way that this program does not know; a plain clone works: git "
                  "clone");
  }
  if (lower.find("repository version") != std::string::npos) {
    refuse_format(start, "a repository with a newer core.repositoryFormatVersion",
                  "install a newer git-changeling; a plain clone works: git clone");
  }
  throw Error(ErrorKind::Git,
              fmt::format("could not open the repository at {}: {}", start.string(), message));
}

/// libgit2 1.5 looks for configuration files on its own and ignores these variables.
void follow_configuration_variables(const Environment& environment) {
  const auto set_path = [](int level, const char* path) {
    check(git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path), "set the configuration path");
  };
  if (environment.get("GIT_CONFIG_NOSYSTEM").value_or("0") != "0") set_path(GIT_CONFIG_LEVEL_SYSTEM, "");
  if (environment.get("GIT_CONFIG_GLOBAL")) {
    set_path(GIT_CONFIG_LEVEL_GLOBAL, "");
    set_path(GIT_CONFIG_LEVEL_XDG, "");
  }
}

void add_global_file(git_repository* repository, const Environment& environment) {
  const auto file = environment.get("GIT_CONFIG_GLOBAL");
  if (!file || file->empty() || *file == "/dev/null" || !fs::exists(*file)) return;
  ConfigHandle configuration;
  check(git_repository_config(out(configuration), repository), "read the configuration");
  check(
      git_config_add_file_ondisk(configuration.get(), file->c_str(), GIT_CONFIG_LEVEL_GLOBAL, repository, 1),
      "read GIT_CONFIG_GLOBAL");
}

void require_accepted_owner(const fs::path& place, const Environment& environment) {
  ProcessResult answer;
  try {
    answer = ask_there(place, environment, {"rev-parse", "--git-dir"});
  } catch (const Error&) {
    refuse_owner(place, "");
  }
  if (!answer.status.success()) refuse_owner(place, answer.error);
}

RepositoryHandle open_handle(const fs::path& place, const Environment& environment) {
  const bool is_named = !environment.get("GIT_DIR").value_or("").empty();
  unsigned flags = is_named ? unsigned{GIT_REPOSITORY_OPEN_NO_SEARCH} : 0U;
  if (environment.get("GIT_DISCOVERY_ACROSS_FILESYSTEM").value_or("0") != "0")
    flags |= unsigned{GIT_REPOSITORY_OPEN_CROSS_FS};
  const std::string ceilings = environment.get("GIT_CEILING_DIRECTORIES").value_or("");
  RepositoryHandle handle;
  const auto open = [&] {
    return git_repository_open_ext(out(handle), place.c_str(), flags,
                                   ceilings.empty() ? nullptr : ceilings.c_str());
  };
  const int code = open();
  // Whether the owner is right is git's to say: safe.directory has more places and forms than libgit2 reads,
  // which answers "not found" when it finds no configuration to look into.
  if (code == GIT_EOWNER || code == GIT_ENOTFOUND) {
    check(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0), "configure libgit2");
    const int code_for_any_owner = open();
    check(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1), "configure libgit2");
    if (code_for_any_owner < 0) explain_open_failure(code_for_any_owner, place);
    require_accepted_owner(place, environment);
    return handle;
  }
  if (code < 0) explain_open_failure(code, place);
  return handle;
}

/// Whether the configuration of this work tree alone, which libgit2 1.5 does not read, may say where it is.
bool is_placed_by_own_configuration(const fs::path& git_directory) {
  const std::string text = to_lower(read_file_if_exists(git_directory / "config.worktree").value_or(""));
  return text.find("bare") != std::string::npos || text.find("worktree") != std::string::npos;
}

std::optional<fs::path> find_work_tree(git_repository* repository, const fs::path& start,
                                       const fs::path& git_directory, const Environment& environment) {
  if (const auto named = environment.get("GIT_WORK_TREE"); named && !named->empty())
    return fs::canonical(start / *named);
  if (is_placed_by_own_configuration(git_directory)) {
    const ProcessResult top = ask_there(start, environment, {"rev-parse", "--show-toplevel"});
    if (!top.status.success()) return std::nullopt;
    return fs::canonical(std::string(trim(top.output)));
  }
  const char* path = git_repository_workdir(repository);
  if (path == nullptr || !fs::exists(path)) return std::nullopt;
  return fs::canonical(path);
}

/// libgit2 looks for attributes in the index when it compares commits, and cannot read a split or a sparse
/// one. Nothing here needs the index through libgit2.
void leave_index_alone(git_repository* repository) {
  IndexHandle none;
  check(git_index_new(out(none)), "open the repository");
  check(git_repository_set_index(repository, none.get()), "open the repository");
}

/// What the repository's own configuration says of its format.
struct Format {
  bool is_reftable = false;
  bool is_partial = false;
  std::string sharing;  ///< core.sharedRepository
};
Format read_format(git_repository* repository) {
  ConfigHandle configuration;
  check(git_repository_config_snapshot(out(configuration), repository), "read the configuration");
  ConfigIteratorHandle iterator;
  check(git_config_iterator_new(out(iterator), configuration.get()), "read the configuration");
  Format format;
  git_config_entry* entry = nullptr;
  while (git_config_next(&entry, iterator.get()) == 0) {
    const std::string_view key = entry->name;
    const std::string value = to_lower(entry->value == nullptr ? "true" : entry->value);
    if (key == "extensions.refstorage") format.is_reftable = value != "files";
    if (key == "extensions.partialclone") format.is_partial = true;
    if (key == "core.sharedrepository") format.sharing = value;
    if (key.starts_with("remote.") && key.ends_with(".promisor") && value != "false")
      format.is_partial = true;
  }
  return format;
}

}  // namespace

Repository Repository::discover(const fs::path& start, const Environment& environment) {
  ensure_library();
  follow_configuration_variables(environment);
  auto state = std::make_unique<State>();
  const std::string named = environment.get("GIT_DIR").value_or("");
  const fs::path place = named.empty() ? start : start / named;
  state->handle = open_handle(place, environment);
  leave_index_alone(state->raw());
  add_global_file(state->raw(), environment);
  state->environment = environment;
  state->common_directory = fs::canonical(git_repository_commondir(state->raw()));
  state->place.git_directory = fs::canonical(git_repository_path(state->raw()));
  state->place.common_directory = state->common_directory;
  state->place.work_tree = find_work_tree(state->raw(), start, state->place.git_directory, environment);
  state->ask_git.emplace(environment, state->place);
  state->configuration.emplace(state->raw(), *state->ask_git, state->environment);
  const Format format = read_format(state->raw());
  // libgit2 was told to let the extension's name pass; the value decides.
  if (format.is_reftable) refuse_reftable(place);
  state->is_partial = format.is_partial;
  state->shared_umask = umask_of_shared_repository(format.sharing, current_umask());
  if (state->is_partial) read_promised_objects(state->database(), *state->ask_git);
  return Repository(std::move(state));
}

}  // namespace changeling::git
