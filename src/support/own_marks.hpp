#pragma once

namespace changeling {

/// The block_id of our messages to Slack, by which its events about them are known.
inline constexpr const char* own_slack_block = "git-changeling";

}  // namespace changeling
