#include "run/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

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
  void add(const store::TargetTry& made, const PullRequestFates& fates) {
    if (settled_) return;
    if (made.pull_request) {
      const std::int64_t number = *made.pull_request;
      // Several runs may have worked on one pull request.
      if (number == last_pull_request_) return;
      last_pull_request_ = number;
      if (fates.open.contains(number)) {
        open_ = number;
        settled_ = true;
      } else if (fates.rejected.contains(number)) {
        if (++rejections_ == 1) rejected_at_ = made.ended;
      } else {
        if (rejections_ + failures_ == 0) merged_at_ = made.ended;
        settled_ = true;
      }
    } else if (made.failed) {
      if (++failures_ == 1) failed_at_ = made.ended;
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

std::vector<RestingTarget> resting_targets(const store::RunHistory& runs, const std::string& changeling,
                                           const PullRequestFates& fates, Timestamp now) {
  // Without one of these pull requests only what has ended lately keeps a target at rest.
  constexpr Duration lately = std::max(rest_after_merge, longest_rest_after_failure);
  std::vector<std::int64_t> requests(fates.open.begin(), fates.open.end());
  requests.insert(requests.end(), fates.rejected.begin(), fates.rejected.end());
  std::vector<std::pair<std::string, TargetHistory>> histories;
  std::map<std::string, std::size_t> places;
  for (const store::TargetTry& made : runs.target_tries(changeling, now - lately, requests)) {
    const auto [place, is_new] = places.try_emplace(made.target, histories.size());
    if (is_new) histories.emplace_back(made.target, TargetHistory());
    histories[place->second].second.add(made, fates);
  }
  std::vector<RestingTarget> resting;
  for (const auto& [target, history] : histories) {
    std::string reason = history.rest(now);
    if (!reason.empty() && resting.size() < most_targets) resting.push_back({target, std::move(reason)});
  }
  return resting;
}

}  // namespace changeling::run
