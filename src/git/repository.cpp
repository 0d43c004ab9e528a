#include "git/repository.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "git/config_overrides.hpp"
#include "git/repository_state.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::git {

namespace fs = std::filesystem;

Repository::Repository(std::unique_ptr<State> state) : state_(std::move(state)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

bool Repository::is_bare() const {
  return !state_->place.work_tree;
}

bool Repository::is_shallow() const {
  // A file without content means that nothing is missing.
  std::error_code missing;
  const auto size = fs::file_size(state_->common_directory / "shallow", missing);
  return !missing && size > 0;
}

std::vector<ObjectId> Repository::shallow_boundary() const {
  std::vector<ObjectId> commits;
  const auto text = read_file_if_exists(state_->common_directory / "shallow");
  for (const std::string& line : split_lines(text.value_or(""))) {
    if (!trim(line).empty()) commits.push_back(ObjectId::from_hex(trim(line)));
  }
  return commits;
}

bool Repository::is_partial() const {
  return state_->is_partial;
}

const RepositoryPlace& Repository::place() const {
  return state_->place;
}

const fs::path& Repository::common_directory() const {
  return state_->common_directory;
}

std::optional<fs::path> Repository::work_tree() const {
  return state_->place.work_tree;
}

std::string Repository::display_name() const {
  const fs::path& common = state_->common_directory;
  if (common.filename() == ".git") return common.parent_path().filename().string();
  return common.extension() == ".git" ? common.stem().string() : common.filename().string();
}

std::vector<std::string> Repository::config_all(const std::string& key) const {
  const std::string wanted = normalized_key(key);
  std::vector<std::string> values;
  const Configuration& configuration = *state_->configuration;
  const bool may_change = wanted == "changeling.disabled";
  for (const auto& [name, value] : may_change ? configuration.newest_entries() : configuration.entries()) {
    if (name == wanted) values.push_back(value);
  }
  return values;
}

std::vector<std::pair<std::string, std::string>> Repository::config_section(
    const std::string& section) const {
  const std::string start = to_lower(section) + ".";
  auto entries = state_->configuration->entries();
  std::erase_if(entries, [&](const auto& entry) { return !entry.first.starts_with(start); });
  return entries;
}

std::vector<std::pair<std::string, std::string>> Repository::configuration_of_files() const {
  return state_->configuration->file_entries();
}

void Repository::freeze_configuration() {
  state_->configuration->freeze();
}

void Repository::thaw_configuration() {
  state_->configuration->thaw();
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
  const SharedUmask rights(state_->shared_umask);
  ConfigHandle configuration;
  check(git_repository_config(out(configuration), state_->raw()), "read the configuration");
  check(git_config_set_string(configuration.get(), key.c_str(), value.c_str()), "write " + key);
  state_->configuration->forget();
}

void Repository::add_config(const std::string& key, const std::string& value) {
  const auto present = config_all(key);
  if (std::find(present.begin(), present.end(), value) != present.end()) return;
  const SharedUmask rights(state_->shared_umask);
  ConfigHandle configuration;
  check(git_repository_config(out(configuration), state_->raw()), "read the configuration");
  // A pattern that no value matches makes libgit2 add a line instead of replacing one.
  check(git_config_set_multivar(configuration.get(), key.c_str(), "^$a", value.c_str()), "write " + key);
  state_->configuration->forget();
}

void Repository::remove_config(const std::string& key, const std::string& value) {
  const SharedUmask rights(state_->shared_umask);
  ConfigHandle configuration;
  check(git_repository_config(out(configuration), state_->raw()), "read the configuration");
  std::string pattern = "^";
  for (const char letter : value) {
    if (std::string_view("\\^$.|?*+()[]{}").find(letter) != std::string_view::npos) pattern += '\\';
    pattern += letter;
  }
  const int code = git_config_delete_multivar(configuration.get(), key.c_str(), (pattern + "$").c_str());
  if (code != GIT_ENOTFOUND) check(code, "write " + key);
  state_->configuration->forget();
}

}  // namespace changeling::git
