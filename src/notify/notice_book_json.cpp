#include "notify/notice_book.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::notify {
namespace {

Json to_json(const OpenDelivery& delivery) {
  return {{"channel", delivery.channel},
          {"tries", delivery.tries},
          {"next_try", format_timestamp(delivery.next_try)},
          {"error", delivery.error}};
}

Json to_json(const Notice& notice) {
  Json json{{"id", notice.id},
            {"created_at", format_timestamp(notice.created_at)},
            {"notification", to_json(notice.notification)},
            {"open", Json::array()},
            {"gathered", notice.gathered.empty() ? Json::object() : Json(notice.gathered)}};
  for (const OpenDelivery& delivery : notice.open) json["open"].push_back(to_json(delivery));
  return json;
}

Json to_json(const Cause& cause) {
  return {{"kind", cause.kind}, {"cause", cause.cause}, {"time", format_timestamp(cause.time)}};
}

Json to_json(const GivenUp& one) {
  return {{"title", one.title},
          {"channel", one.channel},
          {"error", one.error},
          {"time", format_timestamp(one.time)}};
}

std::string text_of(const Json& object, std::string_view key) {
  return json_string(object, key).value_or("");
}

Timestamp time_of(const Json& object, std::string_view key) {
  return json_timestamp(object, key).value_or(Timestamp{});
}

Notice notice_from_json(const Json& object) {
  Notice notice{text_of(object, "id"),
                notification_from_json(object.at("notification")),
                time_of(object, "created_at"),
                {},
                object.at("gathered").get<std::map<std::string, std::int64_t>>()};
  for (const Json& one : object.at("open"))
    notice.open.push_back({text_of(one, "channel"), json_integer(one, "tries").value_or(0),
                           time_of(one, "next_try"), text_of(one, "error")});
  return notice;
}

template <typename Items>
Json list_of(const Items& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(to_json(item));
  return list;
}

}  // namespace

Json to_json(const NoticeBook& book) {
  return {{"waiting", list_of(book.waiting)},
          {"causes", list_of(book.causes)},
          {"given_up", list_of(book.given_up)}};
}

NoticeBook book_from_json(const Json& object) {
  NoticeBook book;
  try {
    for (const Json& one : object.at("waiting")) book.waiting.push_back(notice_from_json(one));
    for (const Json& one : object.at("causes"))
      book.causes.push_back({text_of(one, "kind"), text_of(one, "cause"), time_of(one, "time")});
    for (const Json& one : object.at("given_up"))
      book.given_up.push_back(
          {text_of(one, "title"), text_of(one, "channel"), text_of(one, "error"), time_of(one, "time")});
  } catch (const Json::exception& problem) {
    throw Error(ErrorKind::Invalid, problem.what());
  }
  return book;
}

}  // namespace changeling::notify
