#include "changeling/user_file.hpp"

#include <algorithm>

#include "changeling/toml_layer.hpp"
#include "support/path_glob.hpp"

namespace changeling {
namespace {

/// Reads one of the two tables of settings; whether it was one of them.
bool read_settings(const TomlEntry& entry, const std::string& path, const std::string& file_name,
                   UserSettings& settings) {
  if (entry.key == "defaults") {
    settings.defaults = read_layer(entry.node, path, file_name);
  } else if (entry.key == "changelings") {
    read_named_tables(entry.node, path, [&](const auto& name, const TomlNode& node, const auto& place) {
      settings.changelings[name] = read_layer(node, place, file_name);
    });
  } else {
    return false;
  }
  return true;
}

std::string_view without_url_ending(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.ends_with(".git")) url.remove_suffix(4);
  return url;
}

bool is_path(std::string_view pattern) {
  return pattern.starts_with('/') || pattern == "~" || pattern.starts_with("~/");
}

/// A URL, or git's "host:path".
bool is_url(std::string_view pattern) {
  return pattern.find(':') != std::string_view::npos;
}

}  // namespace

UserFile parse_user_file(std::string_view text, const std::string& file_name) {
  UserFile file;
  const TomlNode root = parse_toml(text, file_name);
  for (const TomlEntry& section : expect_table(root, "")) {
    if (read_settings(section, section.key, file_name, file.everywhere)) continue;
    if (section.key != "repositories") {
      refuse_unknown_key(section, "", {"changelings", "defaults", "repositories"},
                         find_field(section.key) == nullptr
                             ? ""
                             : "fields belong into a table such as [defaults] or [changelings.NAME]");
    }
    for (const TomlEntry& repository : expect_table(section.node, section.key)) {
      const std::string path = "repositories.\"" + repository.key + "\"";
      if (!is_path(repository.key) && !is_url(repository.key)) {
        refuse_at(repository.key_location, path,
                  "is neither an absolute path, nor one that starts with ~/, nor the URL of a remote");
      }
      UserFile::ForRepositories& added = file.repositories.emplace_back();
      added.pattern = repository.key;
      for (const TomlEntry& entry : expect_table(repository.node, path)) {
        if (!read_settings(entry, path_of(path, entry.key), file_name, added.settings))
          refuse_unknown_key(entry, path, {"changelings", "defaults"});
      }
    }
  }
  return file;
}

bool matches_repository(std::string_view pattern, const RepositoryNames& names) {
  if (!is_path(pattern)) {
    return std::any_of(names.urls.begin(), names.urls.end(), [&](const std::string& url) {
      return matches_path_glob(without_url_ending(pattern), without_url_ending(url));
    });
  }
  std::string glob(pattern);
  if (glob.front() == '~') {
    if (names.home.empty()) return false;
    glob.replace(0, 1, names.home);
  }
  while (glob.size() > 1 && glob.ends_with('/')) glob.pop_back();
  // As in an ignore file, the pattern's first slash ties it to the top and is none of the path's.
  return std::any_of(names.paths.begin(), names.paths.end(), [&](const std::string& path) {
    return matches_path_glob(glob, std::string_view(path).substr(1));
  });
}

}  // namespace changeling
