#include "view/difference.hpp"

#include <algorithm>
#include <array>

#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::view {
namespace {

constexpr std::array<std::string_view, 14> lock_files{"package-lock.json",
                                                      "npm-shrinkwrap.json",
                                                      "yarn.lock",
                                                      "pnpm-lock.yaml",
                                                      "bun.lock",
                                                      "Cargo.lock",
                                                      "go.sum",
                                                      "poetry.lock",
                                                      "uv.lock",
                                                      "Pipfile.lock",
                                                      "Gemfile.lock",
                                                      "composer.lock",
                                                      "flake.lock",
                                                      "mix.lock"};
constexpr std::array<std::string_view, 8> generated_ends{".min.js", ".min.css", ".js.map", ".css.map",
                                                         ".pb.go",  ".pb.cc",   ".pb.h",   "_pb2.py"};
/// What generators write at the top of a file (the second is Go's convention, golang.org/s/generatedcode).
constexpr std::array<std::string_view, 2> generated_words{"@generated", "DO NOT EDIT"};
/// So far down a file such words are looked for.
constexpr std::int64_t first_lines = 5;

std::string_view name_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool says_so(const git::PatchLine& line) {
  if (line.new_number == 0 || line.new_number > first_lines) return false;
  return std::any_of(generated_words.begin(), generated_words.end(),
                     [&](std::string_view word) { return line.text.find(word) != std::string::npos; });
}

std::string_view kind_word(git::FileChange::Kind kind) {
  using Kind = git::FileChange::Kind;
  switch (kind) {
    case Kind::Added:
      return "added";
    case Kind::Deleted:
      return "deleted";
    case Kind::Renamed:
      return "renamed";
    case Kind::TypeChanged:
      return "type-changed";
    case Kind::Modified:
      break;
  }
  return "modified";
}

std::string_view kind_word(git::PatchLine::Kind kind) {
  using Kind = git::PatchLine::Kind;
  return kind == Kind::Added ? "added" : kind == Kind::Deleted ? "deleted" : "context";
}

Json number_or_null(std::int64_t number) {
  return number == 0 ? Json(nullptr) : Json(number);
}

Json to_json(const git::PatchLine& line) {
  return {{"kind", kind_word(line.kind)},
          {"old", number_or_null(line.old_number)},
          {"new", number_or_null(line.new_number)},
          {"text", line.text},
          {"cut", line.is_cut},
          {"line_end", line.has_line_end}};
}

Json to_json(const git::Hunk& hunk) {
  Json lines = Json::array();
  for (const git::PatchLine& line : hunk.lines) lines.push_back(to_json(line));
  return {{"old_start", hunk.old_start}, {"old_lines", hunk.old_lines},         {"new_start", hunk.new_start},
          {"new_lines", hunk.new_lines}, {"section", valid_utf8(hunk.section)}, {"lines", std::move(lines)}};
}

}  // namespace

bool is_generated(std::string_view path, const git::FilePatch& patch) {
  const std::string_view name = name_of(path);
  if (std::find(lock_files.begin(), lock_files.end(), name) != lock_files.end()) return true;
  const auto has_end = [&](std::string_view end) { return name.ends_with(end); };
  if (std::any_of(generated_ends.begin(), generated_ends.end(), has_end)) return true;
  return !patch.hunks.empty() &&
         std::any_of(patch.hunks.front().lines.begin(), patch.hunks.front().lines.end(), says_so);
}

Json to_json(const git::FileChange& change, const git::FilePatch& patch) {
  Json hunks = Json::array();
  for (const git::Hunk& hunk : patch.hunks) hunks.push_back(to_json(hunk));
  return {{"path", valid_utf8(change.path)},
          {"old_path", valid_utf8(change.old_path)},
          {"change", kind_word(change.kind)},
          {"added", change.added_lines},
          {"deleted", change.deleted_lines},
          {"binary", change.binary},
          {"generated", is_generated(change.path, patch)},
          {"cut", patch.is_cut},
          {"hunks", std::move(hunks)}};
}

}  // namespace changeling::view
