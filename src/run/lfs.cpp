#include "run/lfs.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// Objects are large; a server that says nothing for so long is taken for gone.
constexpr std::chrono::minutes upload_limit(60);
constexpr std::string_view object_line = "oid sha256:";
/// Below that it lies as xx/yy/NAME.
constexpr int deepest_object = 2;
constexpr std::size_t largest_object = std::size_t{4} << 30;

/// A path with an object that is in this repository's store.
std::optional<std::string> path_with_object_here(const project::Services& services, const git::ObjectId& base,
                                                 const git::ObjectId& head) {
  for (const git::FileChange& change : services.repository.changes(base, head)) {
    const ProcessResult blob =
        services.git.run({"cat-file", "blob", fmt::format("{}:{}", head.hex(), change.path)});
    if (!blob.status.success()) continue;
    const auto name = lfs_object_named_by(blob.output);
    if (name && fs::exists(place_of_lfs_object(services, *name))) return change.path;
  }
  return std::nullopt;
}

bool is_object_name(const std::string& name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void keep_lfs_object(const project::Services& services, const fs::path& file) {
  const std::string name = file.filename().string();
  const fs::path place = place_of_lfs_object(services, name);
  if (fs::exists(place)) return;
  const auto content = read_regular_file(file, largest_object);
  if (content && sha256_hex(*content) == name) write_file(place, *content);
}

}  // namespace

fs::path lfs_folder(const project::Services& services) {
  return services.repository.common_directory() / services.repository.config("lfs.storage").value_or("lfs");
}

fs::path place_of_lfs_object(const project::Services& services, const std::string& name) {
  return lfs_folder(services) / "objects" / name.substr(0, 2) / name.substr(2, 2) / name;
}

bool uses_lfs(const project::Services& services, const git::ObjectId& head) {
  const auto own = read_file_if_exists(services.repository.common_directory() / "info/attributes");
  if (own && own->find("filter=lfs") != std::string::npos) return true;
  return services.git
      .run({"grep", "--quiet", "--fixed-strings", "filter=lfs", head.hex(), "--",
            ":(top,glob)**/.gitattributes"})
      .status.success();
}

std::optional<std::string> lfs_object_named_by(std::string_view blob) {
  if (blob.size() > longest_lfs_pointer) return std::nullopt;
  for (const std::string& line : split_lines(blob)) {
    if (!line.starts_with(object_line)) continue;
    std::string name = line.substr(object_line.size());
    if (is_object_name(name)) return name;
  }
  return std::nullopt;
}

void keep_lfs_objects(const project::Services& services, const fs::path& git_directory) {
  std::error_code ignored;
  for (fs::recursive_directory_iterator entry(git_directory / "lfs/objects", ignored), end;
       !ignored && entry != end; entry.increment(ignored)) {
    if (entry.depth() > deepest_object) entry.disable_recursion_pending();
    if (is_object_name(entry->path().filename().string())) keep_lfs_object(services, entry->path());
  }
}

std::optional<std::string> upload_lfs_objects(const project::Services& services, const std::string& remote,
                                              const git::ObjectId& base, const git::ObjectId& head,
                                              const std::string& branch) {
  if (!uses_lfs(services, head)) return std::nullopt;
  if (!services.git.run({"lfs", "version"}).status.success()) {
    if (const auto path = path_with_object_here(services, base, head)) {
      throw Error(ErrorKind::Refused,
                  fmt::format("{} is kept by git-lfs, which is not installed here, so its content cannot be "
                              "uploaded and the branch is not pushed",
                              *path),
                  "install git-lfs, then run the changeling again");
    }
    return std::nullopt;
  }
  const ProcessResult url = services.git.run({"remote", "get-url", "--push", remote});
  // What git tells a pre-push hook. The other side's commit is left open: git-lfs asks the server what it
  // has.
  const std::string references = fmt::format("refs/heads/{0} {1} refs/heads/{0} {2}\n", branch, head.hex(),
                                             std::string(head.hex().size(), '0'));
  // For a remote on this machine git-lfs asks git about that one, too.
  const ProcessResult upload =
      services.git.with(withheld_tokens())
          .run_from_folder(
              {"lfs", "pre-push", remote, url.status.success() ? std::string(trim(url.output)) : remote},
              upload_limit, references);
  if (upload.status.success()) return std::nullopt;
  const std::string& words = trim(upload.error).empty() ? upload.output : upload.error;
  return fmt::format("git-lfs could not upload what the branch needs: {}",
                     without_controls(trim(last_part(words, 400))));
}

}  // namespace changeling::run
