#include "sandbox/mounts.hpp"

#include <algorithm>
#include <map>

#include "sandbox/confine.hpp"

namespace changeling::sandbox {
namespace {

namespace fs = std::filesystem;

enum class Kind { Hidden, Replaced, Readable, Writable, Masked };

struct Mount {
  Kind kind;
  fs::path source;
};

/// By place: a folder stands before what is in it.
using Mounts = std::map<fs::path, Mount>;

fs::path real(const fs::path& path) {
  std::error_code unknown;
  fs::path found = fs::weakly_canonical(path, unknown);
  return unknown ? path.lexically_normal() : found;
}

bool is_there(const fs::path& path) {
  std::error_code unknown;
  return fs::exists(path, unknown);
}

bool is_hidden(const fs::path& path, const Mounts& mounts) {
  return std::any_of(mounts.begin(), mounts.end(), [&](const auto& mount) {
    const bool hides = mount.second.kind == Kind::Hidden || mount.second.kind == Kind::Replaced;
    return hides && is_inside(path, mount.first);
  });
}

/// Whether something other than the system is seen there.
bool is_changed(const fs::path& path, const Mounts& mounts) {
  return std::any_of(mounts.begin(), mounts.end(),
                     [&](const auto& mount) { return is_inside(path, mount.first); });
}

/// At its real place, and under the name that it is known by when the link on the way to it is hidden.
void add(Mounts& mounts, Kind kind, const fs::path& path) {
  if (!is_there(path)) return;
  const fs::path found = real(path);
  if (kind == Kind::Readable && !is_changed(found, mounts)) return;
  mounts[found] = {kind, found};
  const fs::path named = path.lexically_normal();
  if (named != found && is_hidden(named, mounts)) mounts[named] = {kind, found};
}

void add_all(Mounts& mounts, Kind kind, const std::vector<fs::path>& paths) {
  for (const fs::path& path : paths) add(mounts, kind, path);
}

void write(const fs::path& place, const Mount& mount, std::vector<std::string>& options) {
  const auto put = [&](std::initializer_list<std::string> words) { options.insert(options.end(), words); };
  switch (mount.kind) {
    case Kind::Hidden:
      return put({"--size", "67108864", "--tmpfs", place.string()});
    case Kind::Replaced:
    case Kind::Writable:
      return put({"--bind", mount.source.string(), place.string()});
    case Kind::Readable:
      return put({"--ro-bind", mount.source.string(), place.string()});
    case Kind::Masked:
      return put({"--ro-bind", "/dev/null", place.string()});
  }
}

}  // namespace

bool is_inside(const fs::path& path, const fs::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

std::vector<std::string> mount_options(const Walls& walls, const fs::path& program) {
  Mounts mounts;
  add_all(mounts, Kind::Hidden, walls.hidden);
  for (const Replacement& each : walls.replaced) mounts[real(each.place)] = {Kind::Replaced, each.folder};
  if (is_hidden(real(program), mounts) || is_hidden(program, mounts)) add(mounts, Kind::Readable, program);
  add_all(mounts, Kind::Readable, walls.readable);
  add_all(mounts, Kind::Writable, walls.writable);
  add_all(mounts, Kind::Readable, walls.never_written);
  add_all(mounts, Kind::Masked, walls.masked);
  std::vector<std::string> options{"--ro-bind",  "/",       "/",        "--dev",  "/dev", "--size",
                                   "1073741824", "--tmpfs", "/dev/shm", "--proc", "/proc"};
  for (const auto& [place, mount] : mounts) write(place, mount, options);
  const fs::path inner = inner_folder;
  if (walls.network == Network::Listed)
    options.insert(options.end(), {"--ro-bind", walls.proxy_folder.string(), (inner / "proxy").string()});
  if (is_there(walls.own_program))
    options.insert(options.end(),
                   {"--ro-bind", walls.own_program.string(), (inner / "git-changeling").string()});
  for (const auto& [place, mount] : mounts) {
    if (mount.kind == Kind::Hidden) options.insert(options.end(), {"--remount-ro", place.string()});
  }
  return options;
}

}  // namespace changeling::sandbox
