#include "git/fresh_objects.hpp"

#include <signal.h>

#include <cerrno>
#include <cstdlib>

#include "git/loose_object.hpp"
#include "git/pack_file.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

/// What one operation writes is far less; whoever writes more than this uses packs.
constexpr std::size_t most_remembered = 32U << 20U;

}  // namespace

void FreshObjects::note(const git_oid& id, git_object_t type, std::string_view content) {
  if (bytes_ + content.size() > most_remembered) return;
  bytes_ += content.size();
  objects_.push_back({id, type, std::string(content)});
}

void FreshObjects::restore(const fs::path& common_directory, git_odb* database) const {
  for (const Object& object : objects_) {
    const std::string hex = from_oid(object.id).hex();
    std::error_code gone;
    if (fs::exists(common_directory / "objects" / hex.substr(0, 2) / hex.substr(2), gone)) continue;
    // Packed meanwhile, or deleted.
    check(git_odb_refresh(database), "look for new packs");
    if (git_odb_exists(database, &object.id) == 0)
      write_loose_object(common_directory / "objects", object.type, object.content);
  }
}

void FreshObjects::secure(const fs::path& common_directory, git_odb* database) {
  // In this order: a gc that begins after the first look finds the reference.
  if (is_collecting_garbage(common_directory)) {
    PackFile pack(common_directory / "objects" / "pack");
    for (const Object& object : objects_) pack.add(object.type, object.content);
    pack.finish(PackKeep::No);
  } else {
    restore(common_directory, database);
  }
  objects_.clear();
  bytes_ = 0;
  release_packs();
}

void FreshObjects::release_packs() {
  std::error_code ignored;
  for (const fs::path& keeper : keepers_) fs::remove(keeper, ignored);
  keepers_.clear();
}

bool is_collecting_garbage(const fs::path& common_directory) {
  // "PID HOST"; a killed gc leaves it behind.
  std::string text;
  try {
    text = read_file_if_exists(common_directory / "gc.pid").value_or("");
  } catch (const Error&) {
    return true;
  }
  const long process = std::strtol(text.c_str(), nullptr, 10);
  return process > 0 && (::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM);
}

}  // namespace changeling::git
