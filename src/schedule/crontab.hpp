#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changeling::schedule {

/// Our block in the text of a user's crontab: two marker lines, and between them one line that starts `tick`.
/// Everything else in the text is somebody else's and stays as it is, byte for byte.
struct CrontabBlock {
  std::string line;               ///< What is between the markers, without its newline.
  bool made_the_crontab = false;  ///< There was no crontab before; removing the block removes it.
  bool completed_a_line = false;  ///< The text before it did not end with a newline.
  std::size_t begin = 0;          ///< Where the first marker begins in the text,
  std::size_t end = 0;            ///< and where the second one's line ends, its newline included.
};

/// The line that runs a shell script once a minute and says nothing when the script is gone. `script` is its
/// path, quoted for /bin/sh; `%` is escaped here, which crontab(5) would take for a newline.
std::string crontab_line(std::string_view script);

/// Nothing when there is no block. Throws Error(Conflict) that names the line for a marker without its
/// partner, a second block, and lines of somebody else between the markers.
std::optional<CrontabBlock> find_crontab_block(std::string_view crontab);

/// The text with a block that holds `line`: replaced where there is one, else at the end. Nothing stands for
/// no crontab at all. Throws as find_crontab_block.
std::string with_crontab_block(const std::optional<std::string>& crontab, const std::string& line);

/// The text as it was before with_crontab_block, but for what others have changed since; nothing when there
/// was no crontab. Throws as find_crontab_block.
std::optional<std::string> without_crontab_block(std::string_view crontab);

}  // namespace changeling::schedule
