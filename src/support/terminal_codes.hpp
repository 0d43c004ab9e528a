#pragma once

#include <string>
#include <string_view>

namespace changeling {

/// What a program has printed, without what it tells a terminal besides (ECMA-48): colours and movements of
/// the cursor (CSI), titles and links (OSC and the other strings), and single codes. For text that becomes
/// somebody's title or sentence; a sequence that is not ended is left out up to the end of its line. What
/// else a reader would not see is left to shown_as_text.
std::string without_terminal_codes(std::string_view text);

}  // namespace changeling
