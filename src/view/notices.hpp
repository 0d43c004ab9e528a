#pragma once

#include <nlohmann/json_fwd.hpp>

#include "notify/channels.hpp"
#include "notify/notice_book.hpp"

namespace changeling::view {

/// The channels, what waits for them, and what they never took, as `notify list` has them.
nlohmann::json notices_json(const notify::ChannelSettings& settings, const notify::NoticeBook& book);

}  // namespace changeling::view
