#include "notify/notice_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/text.hpp"

namespace changeling::notify {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Duration window = hours(1);
constexpr std::ptrdiff_t told_one_by_one = 3;
constexpr Duration memory = hours(24 * 7);
constexpr std::size_t most_causes = 2000;
constexpr std::size_t most_given_up = 20;
constexpr std::size_t most_subjects = 20;
constexpr Duration patience = hours(24);
/// Until the second try, the third and so on; the last one also for all that follow.
constexpr std::array<Duration, 5> waits{minutes(1), minutes(5), minutes(30), hours(2), hours(4)};

void forget_old(NoticeBook& book, Timestamp now) {
  std::vector<Cause>& causes = book.causes;
  std::erase_if(causes, [&](const Cause& cause) { return cause.time + memory < now; });
  if (causes.size() > most_causes)
    causes.erase(causes.begin(), causes.end() - static_cast<std::ptrdiff_t>(most_causes));
}

bool is_told(const NoticeBook& book, const std::string& cause) {
  return std::any_of(book.causes.begin(), book.causes.end(),
                     [&](const Cause& one) { return one.cause == cause; });
}

bool are_many(const NoticeBook& book, const std::string& kind, Timestamp now) {
  return std::count_if(book.causes.begin(), book.causes.end(), [&](const Cause& one) {
           return one.kind == kind && one.time + window > now;
         }) >= told_one_by_one;
}

/// A notice that still gathers: nobody has been told of it.
Notice* find_gathering(NoticeBook& book, const std::string& kind, Timestamp now) {
  for (Notice& notice : book.waiting) {
    if (!notice.gathered.empty() && notice.notification.kind == kind && notice.created_at + window > now)
      return &notice;
  }
  return nullptr;
}

Notice make_notice(const Notification& notification, const std::vector<std::string>& channels, Timestamp now,
                   Timestamp first_try) {
  Notice notice{random_id(12), notification, now, {}};
  for (const std::string& channel : channels) notice.open.push_back({channel, 0, first_try, ""});
  return notice;
}

void gather(Notice& notice, const Notification& notification) {
  ++notice.gathered[notification.subject];
  notice.notification.is_urgent = notice.notification.is_urgent || notification.is_urgent;
}

/// One message for all that were gathered.
Notification digest(const Notice& notice) {
  Notification whole = notice.notification;
  std::int64_t sum = 0;
  std::vector<std::string> lines;
  for (const auto& [subject, count] : notice.gathered) {
    sum += count;
    if (lines.size() < most_subjects) lines.push_back(fmt::format("{}: {}", subject, count));
  }
  if (notice.gathered.size() > most_subjects) lines.emplace_back("and others");
  whole.title = fmt::format("{}: {} more times {} within an hour", whole.repository, sum, whole.kind);
  whole.subject = notice.gathered.size() == 1 ? notice.gathered.begin()->first : "";
  whole.text = join(lines, "\n");
  whole.link.clear();
  whole.command = "git changeling status";
  return whole;
}

std::vector<Notice>::iterator find_notice(NoticeBook& book, const std::string& id) {
  return std::find_if(book.waiting.begin(), book.waiting.end(),
                      [&](const Notice& one) { return one.id == id; });
}

void close_delivery(NoticeBook& book, const DueDelivery& delivery) {
  const auto notice = find_notice(book, delivery.notice);
  if (notice == book.waiting.end()) return;
  std::erase_if(notice->open, [&](const OpenDelivery& one) { return one.channel == delivery.channel; });
  if (notice->open.empty()) book.waiting.erase(notice);
}

void give_up(NoticeBook& book, const DueDelivery& delivery, const std::string& error, Timestamp now) {
  book.given_up.push_back({delivery.notification.title, delivery.channel, error, now});
  if (book.given_up.size() > most_given_up) book.given_up.erase(book.given_up.begin());
  close_delivery(book, delivery);
}

}  // namespace

bool admit(NoticeBook& book, const Notification& notification, const std::vector<std::string>& channels,
           Timestamp now) {
  forget_old(book, now);
  if (channels.empty() || is_told(book, notification.cause)) return false;
  const bool by_itself = !are_many(book, notification.kind, now);
  book.causes.push_back({notification.kind, notification.cause, now});
  if (by_itself) {
    book.waiting.push_back(make_notice(notification, channels, now, now));
    return true;
  }
  Notice* notice = find_gathering(book, notification.kind, now);
  if (notice == nullptr) {
    book.waiting.push_back(make_notice(notification, channels, now, now + window));
    notice = &book.waiting.back();
  }
  gather(*notice, notification);
  return true;
}

std::vector<DueDelivery> due_deliveries(const NoticeBook& book, Timestamp now) {
  std::vector<DueDelivery> due;
  for (const Notice& notice : book.waiting) {
    for (const OpenDelivery& delivery : notice.open) {
      if (delivery.next_try > now) continue;
      due.push_back(
          {notice.id, delivery.channel, notice.gathered.empty() ? notice.notification : digest(notice)});
    }
  }
  return due;
}

void note_delivered(NoticeBook& book, const DueDelivery& delivery) {
  close_delivery(book, delivery);
}

void note_failed(NoticeBook& book, const DueDelivery& delivery, const std::string& error, Timestamp now) {
  const auto notice = find_notice(book, delivery.notice);
  if (notice == book.waiting.end()) return;
  for (OpenDelivery& open : notice->open) {
    if (open.channel != delivery.channel) continue;
    const auto wait = waits[std::min(static_cast<std::size_t>(open.tries), waits.size() - 1)];
    ++open.tries;
    open.next_try = now + wait;
    open.error = error;
    if (open.next_try > notice->created_at + patience) return give_up(book, delivery, error, now);
    return;
  }
}

std::size_t try_again(NoticeBook& book, Timestamp now) {
  std::size_t due = 0;
  book.given_up.clear();
  for (Notice& notice : book.waiting) {
    for (OpenDelivery& open : notice.open) {
      if (open.error.empty()) continue;
      open.next_try = now;
      open.error.clear();
      ++due;
    }
  }
  return due;
}

std::vector<std::string> delivery_problems(const NoticeBook& book) {
  std::map<std::string, std::string> by_channel;
  for (const GivenUp& one : book.given_up) by_channel[one.channel] = one.error;
  for (const Notice& notice : book.waiting) {
    for (const OpenDelivery& delivery : notice.open) {
      if (!delivery.error.empty()) by_channel[delivery.channel] = delivery.error;
    }
  }
  std::vector<std::string> sentences;
  for (const auto& [channel, error] : by_channel)
    sentences.push_back(fmt::format("notifications do not arrive through {}: {}", channel, error));
  return sentences;
}

}  // namespace changeling::notify
