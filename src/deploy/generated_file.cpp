#include "deploy/generated_file.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/sha256.hpp"

namespace changeling::deploy {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_line =
    "# Made by git changeling deploy. Deploy again instead of editing this file.\n";
constexpr std::string_view digest_label = "# sha256 of the rest: ";
constexpr std::size_t largest_file = 1'000'000;

std::optional<std::string> read(const fs::path& root, const fs::path& path) {
  fs::path place = root;
  for (const fs::path& part : path) {
    place /= part;
    if (fs::is_symlink(fs::symlink_status(place))) {
      throw Error(ErrorKind::Refused, fmt::format("{} is a symbolic link", place.string()),
                  "generated files are written to plain folders only");
    }
  }
  const auto status = fs::symlink_status(place);
  if (!fs::exists(status)) return std::nullopt;
  if (!fs::is_regular_file(status))
    throw Error(ErrorKind::Conflict, fmt::format("{} is not a file", place.string()));
  return read_regular_file(place, largest_file);
}

[[noreturn]] void refuse(const fs::path& path, Existing existing) {
  throw Error(ErrorKind::Conflict,
              existing == Existing::Edited
                  ? fmt::format("{} was changed by hand since it was generated", path.string())
                  : fmt::format("{} is there already and was not made by git changeling", path.string()),
              "look at it, then replace it with --force");
}

}  // namespace

std::string with_mark(std::string_view text) {
  return fmt::format("{}{}{}\n{}", first_line, digest_label, sha256_hex(text), text);
}

Existing kind_of(const std::optional<std::string>& content) {
  if (!content) return Existing::Nothing;
  if (!content->starts_with(first_line)) return Existing::Foreign;
  const auto end = content->find('\n', first_line.size());
  if (end == std::string::npos) return Existing::Edited;
  return with_mark(std::string_view(*content).substr(end + 1)) == *content ? Existing::Ours
                                                                           : Existing::Edited;
}

Existing check_generated(const fs::path& root, const fs::path& path, const std::string& content, bool force) {
  const auto present = read(root, path);
  if (present == content) return Existing::Same;
  const Existing existing = kind_of(present);
  const bool in_the_way = existing == Existing::Edited || existing == Existing::Foreign;
  if (in_the_way && !force) refuse(path, existing);
  return existing;
}

Existing write_generated(const fs::path& root, const fs::path& path, const std::string& content, bool force) {
  const Existing existing = check_generated(root, path, content, force);
  if (existing == Existing::Same) return existing;
  const fs::path target = root / path;
  std::error_code error;
  // Not by write_file alone: it makes folders that only the owner may enter, and this one is for everybody.
  fs::create_directories(target.parent_path(), error);
  if (error) {
    throw Error(ErrorKind::Io,
                fmt::format("could not make {}: {}", target.parent_path().string(), error.message()));
  }
  write_file(target, content);
  using fs::perms;
  fs::permissions(target, perms::owner_read | perms::owner_write | perms::group_read | perms::others_read,
                  error);
  return existing;
}

Existing remove_generated(const fs::path& root, const fs::path& path, bool force) {
  const Existing existing = kind_of(read(root, path));
  if (existing == Existing::Nothing) return existing;
  if (existing != Existing::Ours && !force) return existing;
  std::error_code error;
  fs::remove(root / path, error);
  if (error) {
    throw Error(ErrorKind::Io,
                fmt::format("could not remove {}: {}", (root / path).string(), error.message()));
  }
  return existing;
}

}  // namespace changeling::deploy
