#include "hooks/hook_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "hooks/hook_block.hpp"
#include "hooks/lefthook.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::hooks {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms hook_mode = fs::perms(0755);
constexpr fs::perms text_mode = fs::perms(0644);

/// In one step, so that git never finds half a hook, or one that it may not run.
void write_with_mode(const fs::path& file, std::string_view content, fs::perms mode) {
  const fs::path fresh = file.parent_path() / fmt::format(".{}.{}", file.filename().string(), random_id(8));
  write_file(fresh, content);
  std::error_code failed;
  fs::permissions(fresh, mode, failed);
  if (!failed) fs::rename(fresh, file, failed);
  if (!failed) return;
  ::unlink(fresh.c_str());
  throw Error(ErrorKind::Io, fmt::format("could not write {}: {}", file.string(), failed.message()));
}

void move(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::rename(from, to, failed);
  if (failed) {
    throw Error(ErrorKind::Io, fmt::format("could not move {} to {}: {}", from.string(),
                                           to.filename().string(), failed.message()));
  }
}

bool is_executable(const fs::path& file) {
  return ::access(file.c_str(), X_OK) == 0;
}

/// husky hands its files to a shell itself; everything else must be executable for git or pre-commit.
bool needs_execution(const HookPlace& place) {
  return place.layout != HookLayout::Husky && place.layout != HookLayout::Lefthook;
}

/// Whether our lines can stand in the user's file: a shell script that git runs.
bool can_join(const HookPlace& place, std::string_view content) {
  return is_shell_script(content) && (!needs_execution(place) || is_executable(place.file));
}

/// Names the file in what functions on its text throw.
template <typename Work>
auto with_file_named(const fs::path& file, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", file.string(), error.what()), error.hint());
  }
}

/// The hook that ours was put in front of. A program that has moved ours to another name since, such as
/// pre-commit, has left the original alone.
fs::path kept_before_moving(const fs::path& file) {
  const fs::path original = kept_original(file);
  if (fs::exists(original) || (file.extension() != ".legacy" && file.extension() != ".old")) return original;
  return kept_original(file.parent_path() / file.stem());
}

/// What the place shall hold; what is there is `present`.
std::string desired_content(const HookSurroundings& surroundings, const HookPlace& place,
                            const std::optional<std::string>& present) {
  if (place.layout == HookLayout::Lefthook) {
    return with_lefthook_block(present.value_or(""), surroundings.hooks_folder,
                               surroundings.common_directory);
  }
  if (!present) return own_hook_file(place.event, "");
  if (const auto found = find_hook_block(*present)) {
    if (found->kind == BlockKind::Chain) {
      const std::string renewed =
          own_hook_file(place.event, kept_before_moving(place.file).filename().string());
      return present->substr(0, found->begin) + renewed.substr(own_hook_rest().size()) +
             present->substr(found->end);
    }
    return with_hook_block(*present, place.event);
  }
  return can_join(place, *present)
             ? with_hook_block(*present, place.event)
             : own_hook_file(place.event, kept_original(place.file).filename().string());
}

/// Whether what is there has to be kept under another name.
bool displaces(const HookPlace& place, const std::optional<std::string>& present) {
  return place.layout != HookLayout::Lefthook && present && !find_hook_block(*present) &&
         !can_join(place, *present);
}

HookHealth inspect_entry(const HookPlace& place, std::string_view content) {
  if (!is_executable(place.entry)) {
    return {HookState::Unreachable,
            fmt::format("{0} is not executable, so git passes it over: chmod +x {0}", place.entry.string())};
  }
  const auto interpreter = interpreter_of(content);
  if (interpreter && interpreter->ends_with('\r')) {
    return {HookState::Unreachable,
            fmt::format("the first line of {} ends with a carriage return, so it cannot be started",
                        place.entry.string())};
  }
  if (interpreter && !is_executable(*interpreter)) {
    return {HookState::Unreachable,
            fmt::format("{} is for {}, which is not there", place.entry.string(), *interpreter)};
  }
  return {HookState::Installed, ""};
}

}  // namespace

std::string_view to_string(HookState state) {
  switch (state) {
    case HookState::Installed:
      return "installed";
    case HookState::Missing:
      return "missing";
    case HookState::Stale:
      return "stale";
    case HookState::Unreachable:
      return "unreachable";
  }
  return "";
}

fs::path kept_original(const fs::path& hook) {
  return hook.parent_path() / (hook.filename().string() + ".before-changeling");
}

void check_hook_place(const HookSurroundings& surroundings, const HookPlace& place) {
  if (place.layout == HookLayout::Configuration) return;
  for (const fs::path& file : {place.entry, place.file}) {
    if (!fs::is_symlink(file)) continue;
    throw Error(ErrorKind::Refused,
                fmt::format("{} is a symbolic link to {}, which others may use, too", file.string(),
                            fs::read_symlink(file).string()),
                fmt::format("write into it: git changeling hook run {} \"$@\"\n      or put a copy in "
                            "place of the link: cp --remove-destination \"$(readlink -f {})\" {}",
                            place.event, file.string(), file.string()));
  }
  if (fs::exists(place.file) && !fs::is_regular_file(place.file))
    throw Error(ErrorKind::Conflict, fmt::format("{} is not a file", place.file.string()));
  if (place.layout == HookLayout::Lefthook) check_lefthook_configuration(*surroundings.work_tree);
  const auto present = read_file_if_exists(place.file);
  with_file_named(place.file, [&] { return desired_content(surroundings, place, present); });
  if (displaces(place, present) && fs::exists(kept_original(place.file))) {
    throw Error(ErrorKind::Conflict,
                fmt::format("{} is in the way of keeping {}", kept_original(place.file).string(),
                            place.file.filename().string()),
                "move one of them away");
  }
}

std::vector<fs::path> install_hook(const HookSurroundings& surroundings, const HookPlace& place) {
  std::vector<fs::path> written;
  if (place.layout == HookLayout::Lefthook) {
    const fs::path script = lefthook_script_file(surroundings.common_directory);
    if (read_file_if_exists(script) != lefthook_script()) {
      write_with_mode(script, lefthook_script(), text_mode);
      written.push_back(script);
    }
  }
  const auto present = read_file_if_exists(place.file);
  const std::string desired =
      with_file_named(place.file, [&] { return desired_content(surroundings, place, present); });
  if (present == desired) return written;
  fs::create_directories(place.file.parent_path());
  if (displaces(place, present)) {
    move(place.file, kept_original(place.file));
    write_with_mode(place.file, desired, hook_mode);
  } else if (present) {
    write_with_mode(place.file, desired, fs::status(place.file).permissions());
  } else {
    write_with_mode(place.file, desired, needs_execution(place) ? hook_mode : text_mode);
  }
  written.push_back(place.file);
  return written;
}

bool uninstall_hook(const fs::path& file) {
  if (fs::is_symlink(file) || !fs::is_regular_file(file)) return false;
  const std::string present = read_file(file);
  return with_file_named(file, [&] {
    const auto found = find_hook_block(present);
    if (!found) return false;
    const std::string rest = without_hook_block(present);
    const bool untouched = rest == own_hook_rest() || rest.empty();
    if (found->kind == BlockKind::Chain) {
      const fs::path original = kept_before_moving(file);
      if (!untouched) {
        throw Error(ErrorKind::Conflict, "lines were added to the file that we have put here",
                    fmt::format("remove our lines and move {} back by hand", original.string()));
      }
      if (!fs::exists(original))
        ::unlink(file.c_str());
      else
        move(original, file);
    } else if (found->kind == BlockKind::Whole && untouched) {
      ::unlink(file.c_str());
    } else {
      write_with_mode(file, rest, fs::status(file).permissions());
    }
    return true;
  });
}

HookHealth inspect_hook(const HookSurroundings& surroundings, const HookPlace& place) {
  const auto present = read_file_if_exists(place.file);
  const auto found = present ? find_hook_block(*present) : std::nullopt;
  if (!found) return {HookState::Missing, "type: git changeling hooks install"};
  const std::string renew = "written by another version; type: git changeling hooks install";
  if (desired_content(surroundings, place, present) != *present) return {HookState::Stale, renew};
  const auto entry = read_file_if_exists(place.entry);
  if (!entry) return {HookState::Unreachable, fmt::format("there is no {}", place.entry.string())};
  if (place.layout == HookLayout::Lefthook) {
    if (read_file_if_exists(lefthook_script_file(surroundings.common_directory)) != lefthook_script())
      return {HookState::Stale, renew};
    if (!reads_lefthook_script(*entry))
      return {HookState::Stale, "lefthook has not taken it over yet; type: lefthook install"};
  }
  if (place.layout == HookLayout::PreCommit && !is_executable(place.file)) {
    return {HookState::Unreachable,
            fmt::format("{0} is not executable, so pre-commit passes it over: chmod +x {0}",
                        place.file.string())};
  }
  return inspect_entry(place, *entry);
}

}  // namespace changeling::hooks
