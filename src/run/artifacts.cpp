#include "run/artifacts.hpp"

#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_text = 1024 * 1024;
constexpr std::size_t largest_file = 16 * 1024 * 1024;
/// Of all artifacts of a run together.
constexpr std::size_t most_bytes = 64 * 1024 * 1024;
constexpr std::size_t most_files = 1000;

/// Nothing when it was stopped.
std::optional<std::string> redacted(std::string_view content, const Redactor& redact,
                                    const std::function<bool()>& stop_requested) {
  constexpr std::size_t turn = 256 * 1024;
  RedactedStream stream(redact);
  std::string clean;
  for (std::size_t at = 0; at < content.size(); at += turn) {
    if (stop_requested && stop_requested()) return std::nullopt;
    clean += stream.take(content.substr(at, turn));
  }
  return clean + stream.finish();
}

}  // namespace

bool is_own_folder(const fs::path& folder) {
  std::error_code unknown;
  return fs::is_directory(fs::symlink_status(folder.parent_path(), unknown)) &&
         fs::is_directory(fs::symlink_status(folder, unknown));
}

std::string read_artifact(const fs::path& folder, const std::string& name) {
  if (!is_own_folder(folder)) return "";
  return valid_utf8(read_regular_file(folder / name, longest_text).value_or(""));
}

std::vector<std::string> keep_artifacts(const fs::path& from, const fs::path& to, const Redactor& redact,
                                        const std::function<bool()>& stop_requested) {
  std::vector<std::string> left_out;
  std::size_t files = 0;
  std::size_t bytes = 0;
  if (!is_own_folder(from)) return left_out;
  std::error_code unreadable;
  // Does not go into folders behind symbolic links.
  for (fs::recursive_directory_iterator
           entry(from, fs::directory_options::skip_permission_denied, unreadable),
       end;
       !unreadable && entry != end; entry.increment(unreadable)) {
    const fs::path relative = entry->path().lexically_relative(from);
    std::error_code unknown;
    if (fs::exists(fs::symlink_status(to / relative, unknown))) continue;
    const auto content = read_regular_file(entry->path(), largest_file + 1);
    if (!content) continue;
    const bool has_room = files < most_files && bytes + content->size() <= most_bytes;
    const auto clean = content->size() > largest_file || !has_room
                           ? std::nullopt
                           : redacted(*content, redact, stop_requested);
    if (clean) {
      write_file(to / relative, *clean, Outlives::Process);
      bytes += content->size();
      ++files;
    } else {
      left_out.push_back(relative.string());
    }
    if (left_out.size() >= most_files) break;
  }
  return left_out;
}

}  // namespace changeling::run
