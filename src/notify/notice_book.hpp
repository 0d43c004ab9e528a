#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "notify/notification.hpp"
#include "support/clock.hpp"

namespace changeling::notify {

/// One channel that a notice has not gone through yet.
struct OpenDelivery {
  std::string channel;
  std::int64_t tries = 0;  ///< Failed ones.
  Timestamp next_try{};
  std::string error;  ///< Why the last try failed.
};

/// What waits to be told. With `gathered` it stands for several: how many of each subject.
struct Notice {
  std::string id;
  Notification notification;
  Timestamp created_at{};
  std::vector<OpenDelivery> open;
  std::map<std::string, std::int64_t> gathered = {};
};

/// What was told, or is about to be: of one cause one notice is given.
struct Cause {
  std::string kind;
  std::string cause;
  Timestamp time{};
};

/// What could not be told within a day.
struct GivenUp {
  std::string title;
  std::string channel;
  std::string error;
  Timestamp time{};
};

/// All notices of one repository on one machine. May be lost: then a cause may be told again.
struct NoticeBook {
  std::vector<Notice> waiting;    ///< Oldest first.
  std::vector<Cause> causes;      ///< Oldest first, of the last week.
  std::vector<GivenUp> given_up;  ///< Oldest first, the last ones.
};

/// One message to be sent now.
struct DueDelivery {
  std::string notice;
  std::string channel;
  Notification notification;
};

/// Takes a notification in, for these channels; false when its cause has been told. The first three of a kind
/// within an hour go out each by itself; what comes then is gathered, and goes out as one an hour later.
bool admit(NoticeBook& book, const Notification& notification, const std::vector<std::string>& channels,
           Timestamp now);

/// What is to be sent at `now`.
std::vector<DueDelivery> due_deliveries(const NoticeBook& book, Timestamp now);

/// A delivery has arrived.
void note_delivered(NoticeBook& book, const DueDelivery& delivery);
/// A delivery has failed: it is tried again, after longer and longer times, and given up after a day.
void note_failed(NoticeBook& book, const DueDelivery& delivery, const std::string& error, Timestamp now);

/// Whatever has failed is due now, and what was given up is forgotten. Returns how many deliveries are due by
/// it.
std::size_t try_again(NoticeBook& book, Timestamp now);

/// "Notifications do not arrive through slack: ERROR", a sentence for each channel whose last try failed.
std::vector<std::string> delivery_problems(const NoticeBook& book);

nlohmann::json to_json(const NoticeBook& book);
/// Throws Error(Invalid) for what is no such book.
NoticeBook book_from_json(const nlohmann::json& object);

}  // namespace changeling::notify
