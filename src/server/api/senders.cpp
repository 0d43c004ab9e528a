#include "server/api/senders.hpp"

#include <fmt/format.h>

namespace changeling::server::api {
namespace {

constexpr std::string_view before = " (session ";

}  // namespace

std::string sender_of(const Caller& caller) {
  return fmt::format("{}{}{})", caller.user, before, caller.session);
}

std::string session_of(std::string_view sender) {
  const auto place = sender.rfind(before);
  if (place == std::string_view::npos || !sender.ends_with(')')) return "";
  const std::string_view rest = sender.substr(place + before.size());
  return std::string(rest.substr(0, rest.size() - 1));
}

}  // namespace changeling::server::api
