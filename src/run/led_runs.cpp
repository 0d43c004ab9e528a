#include "run/led_runs.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr const char* looked_at = ".looked-at";
constexpr auto look_interval = std::chrono::hours(24);
/// Between the note and the lock a program does nothing that takes time.
constexpr auto note_without_lock = std::chrono::hours(1);

bool is_older_than(const fs::path& file, std::chrono::hours age) {
  std::error_code missing;
  const auto written = fs::last_write_time(file, missing);
  return missing || fs::file_time_type::clock::now() - written > age;
}

}  // namespace

void LedRuns::note(const std::string& run_id) const {
  create_private_directories(folder_);
  write_file(folder_ / run_id, "", Outlives::Process);
}

void LedRuns::forget(const std::string& run_id) const {
  std::error_code ignored;
  fs::remove(folder_ / run_id, ignored);
}

bool LedRuns::is_own(const fs::path& file) const {
  // In a shared repository others have runs, too, which only they can look after.
  struct stat info {};
  return ::stat(file.c_str(), &info) == 0 && info.st_uid == ::geteuid();
}

void LedRuns::note_all_locked() const {
  const std::vector<std::string> runs = places_.local_runs();
  if (runs.empty()) return;
  for (const std::string& run : runs) {
    if (fs::exists(places_.run(run).lock())) note(run);
  }
  create_private_directories(folder_);
  write_file(folder_ / (looked_at + std::to_string(::geteuid())), "", Outlives::Process);
}

std::vector<std::string> LedRuns::locked() const {
  std::vector<std::string> runs = places_.local_runs();
  std::erase_if(runs, [&](const std::string& run) { return !is_own(places_.run(run).lock()); });
  return runs;
}

std::vector<std::string> LedRuns::ids() const {
  if (is_older_than(folder_ / (looked_at + std::to_string(::geteuid())), look_interval)) {
    try {
      note_all_locked();
    } catch (const Error&) {
      // Who only reads, as on a read-only medium, needs no notes.
      return locked();
    }
  }
  std::vector<std::string> ids;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, missing)) {
    const std::string id = entry.path().filename().string();
    if (id.starts_with('.') || !is_own(entry.path())) continue;
    if (fs::exists(places_.run(id).lock())) {
      ids.push_back(id);
    } else if (is_older_than(entry.path(), note_without_lock)) {
      forget(id);
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace changeling::run
