#include "hooks/hook_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "changeling/hook_events.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::hooks {
namespace {

namespace fs = std::filesystem;

constexpr auto log_patience = std::chrono::seconds(2);

/// Negative when it cannot be opened. A new file gets the rights that its folder gives to files (files.hpp).
int open_for_writing(const fs::path& file, int flags) {
  int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC | flags);
  if (descriptor >= 0 || errno != ENOENT) return descriptor;
  static_cast<void>(FileLock::try_acquire(file));
  return ::open(file.c_str(), O_WRONLY | O_CLOEXEC | flags);
}

/// When a file was last written; nothing when it does not exist.
std::optional<Timestamp> time_of(const fs::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  return Timestamp(std::chrono::duration_cast<Timestamp::duration>(
      std::chrono::seconds(info.st_mtim.tv_sec) + std::chrono::nanoseconds(info.st_mtim.tv_nsec)));
}

}  // namespace

HookJournal::HookJournal(const fs::path& local_folder)
    : folder_(local_folder / "hooks"), log_(local_folder / "hooks.log") {}

bool HookJournal::in_use() const {
  return fs::is_directory(folder_);
}

void HookJournal::write_subscriptions(const Subscriptions& subscriptions) const {
  for (const std::string& event : hook_events()) {
    const fs::path marker = folder_ / event;
    const auto found = subscriptions.find(event);
    if (found == subscriptions.end() || found->second.empty()) {
      ::unlink(marker.c_str());
      continue;
    }
    const std::string names = fmt::format("{}\n", join({found->second.begin(), found->second.end()}, "\n"));
    if (read_file_if_exists(marker) != names) write_file(marker, names);
  }
}

std::set<fs::path> HookJournal::installed_files() const {
  const auto text = read_file_if_exists(folder_ / "installed.json");
  if (!text) return {};
  std::set<fs::path> files;
  for (const std::string& file :
       json_strings(parse_json(*text, (folder_ / "installed.json").string()), "files"))
    files.insert(file);
  return files;
}

void HookJournal::write_installed_files(const std::set<fs::path>& files) const {
  Json list = Json::array();
  for (const fs::path& file : files) list.push_back(file.string());
  write_file(folder_ / "installed.json", Json{{"files", list}}.dump(2) + "\n");
}

void HookJournal::note_fired(const std::string& event) const {
  create_private_directories(folder_);
  const fs::path file = folder_ / (event + ".fired");
  const int descriptor = open_for_writing(file, 0);
  if (descriptor < 0) return;
  ::futimens(descriptor, nullptr);
  ::close(descriptor);
}

std::optional<Timestamp> HookJournal::last_fired(const std::string& event) const {
  return time_of(folder_ / (event + ".fired"));
}

std::optional<HookJournal::Missed> HookJournal::last_missed(const std::string& event) const {
  const fs::path file = folder_ / (event + ".missed");
  const auto at = time_of(file);
  if (!at) return std::nullopt;
  return Missed{*at, without_controls(trim(read_file_if_exists(file).value_or("")))};
}

void HookJournal::forget_missed() const {
  for (const std::string& event : hook_events()) ::unlink((folder_ / (event + ".missed")).c_str());
}

fs::path HookJournal::lock_file(const std::string& event) const {
  return folder_ / (event + ".lock");
}

void HookJournal::log(std::string_view text, Timestamp now) const {
  const auto lock = FileLock::acquire(log_.string() + ".lock", log_patience);
  const int descriptor = open_for_writing(log_, O_APPEND);
  if (descriptor < 0) return;
  const std::string line = fmt::format("{} {}\n", format_timestamp(now), without_controls(text));
  [[maybe_unused]] const ssize_t written = ::write(descriptor, line.data(), line.size());
  struct stat info {};
  const bool is_full = ::fstat(descriptor, &info) == 0 && static_cast<std::size_t>(info.st_size) > log_limit;
  ::close(descriptor);
  if (is_full && lock) write_file(log_, last_part(read_file(log_), log_limit / 2));
}

std::vector<std::string> HookJournal::last_log_lines(std::size_t count) const {
  std::vector<std::string> lines = split_lines(read_file_if_exists(log_).value_or(""));
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  return lines;
}

void HookJournal::clear() const {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace changeling::hooks
