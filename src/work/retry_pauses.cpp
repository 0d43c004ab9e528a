#include "work/retry_pauses.hpp"

#include <algorithm>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::work {
namespace {

constexpr Duration first_pause = std::chrono::minutes(1);
constexpr Duration longest_pause = std::chrono::hours(1);

}  // namespace

RetryPauses::Failures RetryPauses::read(const std::string& task, const std::string& text) const {
  Failures failures;
  if (folder_.empty()) {
    if (const auto found = failures_.find(task); found != failures_.end()) failures = found->second;
  } else if (const auto file = read_file_if_exists(folder_ / task)) {
    try {
      const Json object = parse_json(*file, (folder_ / task).string());
      failures.count = json_integer(object, "failures").value_or(0);
      failures.pause_ends_at = parse_timestamp(json_string(object, "pause_ends_at").value_or(""));
      failures.text = json_string(object, "text").value_or("");
    } catch (const Error&) {
      return {};  // Cut off by a crash: one more try does no harm.
    }
  }
  return failures.text == text ? failures : Failures{0, {}, text};
}

bool RetryPauses::allows(const std::string& task, const std::string& text) const {
  const std::scoped_lock lock(mutex_);
  const Failures failures = read(task, valid_utf8(text));
  if (failures.count == 0) return true;
  if (most_attempts_ > 0 && failures.count >= most_attempts_) return false;
  return clock_.now() >= failures.pause_ends_at;
}

void RetryPauses::note_failure(const std::string& task, const std::string& text) {
  const std::scoped_lock lock(mutex_);
  Failures failures = read(task, valid_utf8(text));
  const auto doublings = std::clamp<std::int64_t>(failures.count, 0, 6);
  failures.pause_ends_at = clock_.now() + std::min(first_pause * (1 << doublings), longest_pause);
  ++failures.count;
  if (folder_.empty()) {
    failures_[task] = failures;
    return;
  }
  create_private_directories(folder_);
  write_file(folder_ / task, Json{{"failures", failures.count},
                                  {"pause_ends_at", format_timestamp(failures.pause_ends_at)},
                                  {"text", failures.text}}
                                     .dump() +
                                 "\n");
}

void RetryPauses::forget(const std::string& task) {
  const std::scoped_lock lock(mutex_);
  failures_.erase(task);
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove(folder_ / task, ignored);
}

}  // namespace changeling::work
