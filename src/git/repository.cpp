#include "git/repository.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "git/config_overrides.hpp"
#include "git/library.hpp"
#include "git/repository_state.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void explain_open_failure(int code, const fs::path& start) {
  const std::string message = last_message();
  if (code == GIT_ENOTFOUND) {
    throw Error(ErrorKind::NotFound, fmt::format("not in a git repository: {}", start.string()),
                "go to a repository, use -C PATH, or create one with: git init");
  }
  if (code == GIT_EOWNER) {
    throw Error(ErrorKind::Refused, fmt::format("{} belongs to another user", start.string()),
                fmt::format("if you trust it: git config --global --add safe.directory {}", start.string()));
  }
  const std::string lower = to_lower(message);
  const auto refuse = [&](std::string_view what, std::string hint) {
    throw Error(ErrorKind::Refused,
                fmt::format("{}: {} cannot be read by this version", start.string(), what), std::move(hint));
  };
  if (lower.find("extensions.objectformat") != std::string::npos) {
    refuse("a repository with SHA-256 object names",
           "use a repository with SHA-1 names (git init --object-format=sha1)");
  }
  if (lower.find("extensions.refstorage") != std::string::npos) {
    refuse("a repository with the reftable format", "convert it with: git refs migrate --ref-format=files");
  }
  if (lower.find("extensions.partialclone") != std::string::npos) {
    refuse("a partial clone",
           "fetch everything with: git fetch --refetch --no-filter, then unset extensions.partialClone");
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

}  // namespace

Repository::Repository(std::unique_ptr<State> state) : state_(std::move(state)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

Repository Repository::discover(const fs::path& start, const Environment& environment) {
  ensure_library();
  follow_configuration_variables(environment);
  auto state = std::make_unique<State>();
  const std::string git_directory = environment.get("GIT_DIR").value_or("");
  const fs::path place = git_directory.empty() ? start : start / git_directory;
  const unsigned flags = git_directory.empty() ? 0U : unsigned{GIT_REPOSITORY_OPEN_NO_SEARCH};
  const int code = git_repository_open_ext(out(state->handle), place.c_str(), flags, nullptr);
  if (code < 0) explain_open_failure(code, place);
  add_global_file(state->raw(), environment);
  state->common_directory = fs::canonical(git_repository_commondir(state->raw()));
  state->configuration_overrides = changeling::git::configuration_overrides(environment);
  return Repository(std::move(state));
}

bool Repository::is_bare() const {
  return git_repository_is_bare(state_->raw()) == 1;
}

const fs::path& Repository::common_directory() const {
  return state_->common_directory;
}

std::optional<fs::path> Repository::work_tree() const {
  const char* path = git_repository_workdir(state_->raw());
  if (path == nullptr) return std::nullopt;
  return fs::canonical(path);
}

std::string Repository::display_name() const {
  const fs::path& common = state_->common_directory;
  if (common.filename() == ".git") return common.parent_path().filename().string();
  return common.extension() == ".git" ? common.stem().string() : common.filename().string();
}

std::vector<std::string> Repository::config_all(const std::string& key) const {
  ConfigHandle configuration;
  check(git_repository_config_snapshot(out(configuration), state_->raw()), "read the configuration");
  ConfigIteratorHandle iterator;
  std::vector<std::string> values;
  if (git_config_multivar_iterator_new(out(iterator), configuration.get(), key.c_str(), nullptr) == 0) {
    git_config_entry* entry = nullptr;
    while (git_config_next(&entry, iterator.get()) == 0) {
      values.emplace_back(entry->value == nullptr ? "true" : entry->value);
    }
  }
  for (const auto& [name, value] : state_->configuration_overrides) {
    if (normalized_key(name) == normalized_key(key)) values.push_back(value);
  }
  return values;
}

std::vector<std::pair<std::string, std::string>> Repository::config_section(
    const std::string& section) const {
  const std::string start = to_lower(section) + ".";
  ConfigHandle configuration;
  check(git_repository_config_snapshot(out(configuration), state_->raw()), "read the configuration");
  ConfigIteratorHandle iterator;
  check(git_config_iterator_new(out(iterator), configuration.get()), "read the configuration");
  std::vector<std::pair<std::string, std::string>> entries;
  git_config_entry* entry = nullptr;
  while (git_config_next(&entry, iterator.get()) == 0) {
    if (!std::string_view(entry->name).starts_with(start)) continue;
    entries.emplace_back(entry->name, entry->value == nullptr ? "true" : entry->value);
  }
  for (const auto& [name, value] : state_->configuration_overrides) {
    if (const std::string key = normalized_key(name); key.starts_with(start))
      entries.emplace_back(key, value);
  }
  return entries;
}

std::optional<std::string> Repository::config(const std::string& key) const {
  const auto values = config_all(key);
  if (values.empty()) return std::nullopt;
  return values.back();
}

bool Repository::config_bool(const std::string& key, bool otherwise) const {
  const auto text = config(key);
  if (!text) return otherwise;
  int value = 0;
  if (git_config_parse_bool(&value, text->c_str()) < 0) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: '{}' is not true or false", key, *text),
                fmt::format("git config {} true", key));
  }
  return value != 0;
}

std::optional<std::int64_t> Repository::config_integer(const std::string& key) const {
  const auto text = config(key);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  if (git_config_parse_int64(&value, text->c_str()) < 0) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: '{}' is not a whole number", key, *text));
  }
  return value;
}

void Repository::set_config(const std::string& key, const std::string& value) {
  ConfigHandle configuration;
  check(git_repository_config(out(configuration), state_->raw()), "read the configuration");
  check(git_config_set_string(configuration.get(), key.c_str(), value.c_str()), "write " + key);
}

void Repository::add_config(const std::string& key, const std::string& value) {
  const auto present = config_all(key);
  if (std::find(present.begin(), present.end(), value) != present.end()) return;
  ConfigHandle configuration;
  check(git_repository_config(out(configuration), state_->raw()), "read the configuration");
  // A pattern that no value matches makes libgit2 add a line instead of replacing one.
  check(git_config_set_multivar(configuration.get(), key.c_str(), "^$a", value.c_str()), "write " + key);
}

std::optional<Identity> Repository::user_identity() const {
  const auto name = config("user.name");
  const auto email = config("user.email");
  if (!name || !email) return std::nullopt;
  return Identity{*name, *email};
}

std::vector<std::string> Repository::remotes() const {
  git_strarray names{};
  check(git_remote_list(&names, state_->raw()), "list the remotes");
  std::vector<std::string> remotes(names.strings, names.strings + names.count);
  git_strarray_dispose(&names);
  return remotes;
}

std::optional<std::string> Repository::remote_url(const std::string& remote) const {
  RemoteHandle handle;
  if (git_remote_lookup(out(handle), state_->raw(), remote.c_str()) < 0) return std::nullopt;
  const char* url = git_remote_url(handle.get());
  if (url == nullptr) return std::nullopt;
  return url;
}

}  // namespace changeling::git
