#include "view/notices.hpp"

#include "support/json.hpp"

namespace changeling::view {
namespace {

Json to_json(const notify::OpenDelivery& delivery) {
  return {{"channel", delivery.channel},
          {"tries", delivery.tries},
          {"next_try", format_timestamp(delivery.next_try)},
          {"error", delivery.error.empty() ? Json(nullptr) : Json(delivery.error)}};
}

Json to_json(const notify::Notice& notice) {
  Json json = notify::to_json(notice.notification);
  json["since"] = format_timestamp(notice.created_at);
  json["gathered"] = notice.gathered.empty() ? Json(nullptr) : Json(notice.gathered);
  json["deliveries"] = Json::array();
  for (const notify::OpenDelivery& delivery : notice.open) json["deliveries"].push_back(to_json(delivery));
  return json;
}

}  // namespace

Json notices_json(const notify::ChannelSettings& settings, const notify::NoticeBook& book) {
  Json json{{"channels", Json::array()}, {"waiting", Json::array()}, {"given_up", Json::array()}};
  for (const notify::Channel& channel : notify::channels()) {
    json["channels"].push_back({{"name", channel.name},
                                {"on", channel.is_on(settings)},
                                {"setting", channel.setting},
                                {"help", channel.sentence}});
  }
  for (const notify::Notice& notice : book.waiting) json["waiting"].push_back(to_json(notice));
  for (const notify::GivenUp& one : book.given_up) {
    json["given_up"].push_back({{"title", one.title},
                                {"channel", one.channel},
                                {"error", one.error},
                                {"time", format_timestamp(one.time)}});
  }
  return json;
}

}  // namespace changeling::view
