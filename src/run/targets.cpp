#include "run/targets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/cooldown.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

using std::chrono::days;

constexpr std::size_t most_targets = 30;
constexpr Duration rest_after_merge = days(1);
constexpr Duration first_rest_after_rejection = days(30);
constexpr Duration first_rest_after_failure = days(1);
constexpr Duration longest_rest_after_failure = days(32);
constexpr int most_doublings = 10;

Duration doubled(Duration first, int times) {
  return first * (1 << std::min(times, most_doublings));
}

std::string date_of(Timestamp time) {
  return format_timestamp(time).substr(0, 10);
}

std::string times(int count) {
  return count == 1 ? "once" : fmt::format("{} times", count);
}

/// What the runs with one target have come to, looked at from the newest on.
class TargetHistory {
 public:
  void add(const store::RunRecord& run, const PullRequestFates& fates) {
    if (settled_ || run.status != store::RunStatus::Finished) return;
    const Timestamp ended = run.ended_at.value_or(run.started_at);
    if (run.pull_request) {
      const std::int64_t number = run.pull_request->number;
      // Several runs may have worked on one pull request.
      if (number == last_pull_request_) return;
      last_pull_request_ = number;
      if (fates.open.contains(number)) {
        open_ = number;
        settled_ = true;
      } else if (fates.rejected.contains(number)) {
        if (++rejections_ == 1) rejected_at_ = ended;
      } else {
        if (rejections_ + failures_ == 0) merged_at_ = ended;
        settled_ = true;
      }
    } else if (is_failure(run)) {
      if (++failures_ == 1) failed_at_ = ended;
    }
  }

  /// Empty when the target may be chosen again.
  std::string rest(Timestamp now) const {
    if (open_) return fmt::format("pull request {} is open", *open_);
    if (merged_at_ && *merged_at_ + rest_after_merge > now) return "was merged just now";
    if (rejections_ > 0) {
      const Timestamp until = rejected_at_ + doubled(first_rest_after_rejection, rejections_ - 1);
      if (until > now)
        return fmt::format("rejected {}, left alone until {}", times(rejections_), date_of(until));
    }
    if (failures_ > 0) {
      const Duration rest =
          std::min(longest_rest_after_failure, doubled(first_rest_after_failure, failures_ - 1));
      if (failed_at_ + rest > now)
        return fmt::format("failed {}, left alone until {}", times(failures_), date_of(failed_at_ + rest));
    }
    return "";
  }

 private:
  bool settled_ = false;
  std::optional<std::int64_t> last_pull_request_;
  std::optional<std::int64_t> open_;
  std::optional<Timestamp> merged_at_;
  int rejections_ = 0;
  Timestamp rejected_at_{};
  int failures_ = 0;
  Timestamp failed_at_{};
};

}  // namespace

std::string target_name(std::string_view file_content) {
  std::string name;
  for (const char letter : file_content.substr(0, file_content.find('\n'))) {
    const bool control = static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
    if (!control && letter != '`') name += letter;
  }
  name = std::string(trim(valid_utf8(name)));
  if (name.size() <= longest_target) return name;
  std::size_t end = longest_target;
  // Not in the middle of a character.
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return name.substr(0, end);
}

std::vector<RestingTarget> resting_targets(const std::vector<store::RunRecord>& runs,
                                           const std::string& changeling, const PullRequestFates& fates,
                                           Timestamp now) {
  std::vector<std::pair<std::string, TargetHistory>> histories;
  for (const store::RunRecord& run : runs) {
    if (run.changeling != changeling || !run.task.empty() || run.target.empty()) continue;
    auto known = std::find_if(histories.begin(), histories.end(),
                              [&](const auto& entry) { return entry.first == run.target; });
    if (known == histories.end()) known = histories.insert(histories.end(), {run.target, {}});
    known->second.add(run, fates);
  }
  std::vector<RestingTarget> resting;
  for (const auto& [target, history] : histories) {
    std::string reason = history.rest(now);
    if (!reason.empty() && resting.size() < most_targets) resting.push_back({target, std::move(reason)});
  }
  return resting;
}

}  // namespace changeling::run
