#include "run/submodule_pointers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/output_tail.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds remote_patience(60);

std::string short_name(const git::ObjectId& commit) {
  return commit.hex().substr(0, 10);
}

bool is_null(std::string_view hex) {
  return hex.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::vector<SubmodulePointer> SubmodulePointers::changed(const std::string& raw_diff) {
  std::vector<SubmodulePointer> pointers;
  const std::vector<std::string> parts = split(raw_diff, '\0');
  for (std::size_t index = 0; index + 1 < parts.size(); index += 2) {
    // ":MODE MODE OBJECT OBJECT STATUS", then the path.
    const std::vector<std::string> words = split(parts[index], ' ');
    if (words.size() < 5 || words[1] != "160000" || is_null(words[3])) continue;
    SubmodulePointer pointer{parts[index + 1], git::ObjectId::from_hex(words[3]), std::nullopt};
    if (words[0] == ":160000") pointer.before = git::ObjectId::from_hex(words[2]);
    pointers.push_back(std::move(pointer));
  }
  return pointers;
}

std::string SubmodulePointers::setting(const std::string& key) const {
  const ProcessResult answer = git_({"config", "--blob", ":.gitmodules", "--get", key});
  return answer.status.success() ? std::string(trim(answer.output)) : "";
}

std::optional<std::string> SubmodulePointers::url_of(const std::string& path) const {
  const ProcessResult paths =
      git_({"config", "--blob", ":.gitmodules", "-z", "--get-regexp", "^submodule\\..*\\.path$"});
  if (!paths.status.success()) return std::nullopt;
  for (const std::string& entry : split(paths.output, '\0')) {
    const auto line_end = entry.find('\n');
    if (line_end == std::string::npos || entry.substr(line_end + 1) != path) continue;
    const std::string section = entry.substr(0, line_end - std::string_view(".path").size());
    // A person may reach the submodule another way than others do.
    const ProcessResult own = git_({"config", "--get", section + ".url"});
    if (own.status.success()) return std::string(trim(own.output));
    const std::string url = setting(section + ".url");
    return url.empty() ? std::nullopt : std::optional(absolute(url));
  }
  return std::nullopt;
}

/// "../library.git" is beside the place that the repository was cloned from, see gitsubmodules(7).
std::string SubmodulePointers::absolute(const std::string& url) const {
  if (!url.starts_with("./") && !url.starts_with("../")) return url;
  std::string place = services_.repository.common_directory().parent_path().string();
  if (!services_.remote.empty()) {
    const ProcessResult answer = git_({"remote", "get-url", services_.remote});
    if (answer.status.success()) place = trim(answer.output);
  }
  std::string rest = url;
  while (place.ends_with('/')) place.pop_back();
  for (;;) {
    if (rest.starts_with("./")) {
      rest.erase(0, 2);
    } else if (rest.starts_with("../")) {
      rest.erase(0, 3);
      const auto end = place.find_last_of("/:");
      if (end == std::string::npos) return rest;
      // "host:library" has no folder to go up to, but keeps its host.
      if (place[end] == ':') return place.substr(0, end + 1) + rest;
      place.resize(end);
    } else {
      return place + "/" + rest;
    }
  }
}

std::optional<std::string> SubmodulePointers::ask_remote(const std::string& url,
                                                         const git::ObjectId& commit) const {
  const fs::path scratch = services_.places.local_folder() / ("pointer-" + random_id(8));
  const std::string format = commit.hex().size() > 40 ? "sha256" : "sha1";
  services_.git.check({"init", "--quiet", "--bare", "--object-format=" + format, scratch.string()},
                      services_.places.local_folder());
  const ProcessResult answer =
      services_.git.run({"-c", "gc.auto=0", "-c", "maintenance.auto=false", "fetch", "--quiet", "--depth=1",
                         "--no-tags", "--filter=tree:0", "--", url, commit.hex()},
                        scratch, remote_patience);
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  if (answer.status.success()) return std::nullopt;
  return answer.timed_out ? fmt::format("{} did not answer in {} seconds", url, remote_patience.count())
                          : last_line_of(answer.error);
}

std::optional<std::string> SubmodulePointers::why_not_published(const SubmodulePointer& pointer) const {
  const auto url = url_of(pointer.path);
  if (!url) {
    return fmt::format(
        "{} points to commit {} of a repository that .gitmodules does not name, so nobody could get it",
        pointer.path, short_name(pointer.commit));
  }
  const auto inner = inner_.at(pointer.path);
  if (inner && inner_.is_published(*inner, pointer.commit)) return std::nullopt;
  const auto reason = ask_remote(*url, pointer.commit);
  if (!reason) return std::nullopt;
  return fmt::format(
      "the submodule {} is at commit {}, which {} does not have, so it cannot be proposed ({})", pointer.path,
      short_name(pointer.commit), *url, *reason);
}

std::optional<std::string> SubmodulePointers::work_beside_the_branch(
    const std::vector<SubmoduleLink>& links, const std::vector<SubmodulePointer>& changed) const {
  for (const SubmoduleLink& link : links) {
    const bool is_new = std::any_of(changed.begin(), changed.end(), [&](const SubmodulePointer& pointer) {
      return pointer.path == link.path;
    });
    if (auto sentence = unpublished(link, false)) return sentence;
    if (auto sentence = unpublished_inside(link.path, is_new)) return sentence;
  }
  return std::nullopt;
}

std::optional<std::string> SubmodulePointers::unpublished(const SubmoduleLink& link,
                                                          bool also_unmoved) const {
  const auto inner = inner_.at(link.path);
  const auto head = inner ? inner_.head_of(*inner) : std::nullopt;
  if (!head || (*head == link.commit && !also_unmoved) || inner_.is_published(*inner, *head)) {
    return std::nullopt;
  }
  return fmt::format("commit {} in the submodule {} is not on its remote, so it cannot be proposed",
                     short_name(*head), link.path);
}

std::optional<std::string> SubmodulePointers::unpublished_inside(const std::string& path, bool is_new) const {
  const auto outer = inner_.at(path);
  if (!outer) return std::nullopt;
  for (SubmoduleLink link : inner_.links_of(*outer)) {
    link.path = path + "/" + link.path;
    // Only the commits of a submodule that the branch does not change are certain to fit their pointers.
    if (auto sentence = unpublished(link, is_new)) return sentence;
    if (auto sentence = unpublished_inside(link.path, is_new)) return sentence;
  }
  return std::nullopt;
}

}  // namespace changeling::run
