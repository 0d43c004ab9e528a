#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "changeling/branch_prefix.hpp"

namespace changeling::hooks {

/// Whether git tells on standard input which references moved.
bool has_reference_lines(std::string_view event);

/// Why the event starts nothing although changelings subscribe to it, or "". `arguments` and `input` are what
/// git gave the hook; `state_reference` is `changeling.ref`, `prefix` what
/// branches of runs begin with. What only moves references of ours is no event:
/// a run would start the next one for ever. Neither is a checkout of files, for which git runs post-checkout
/// as well.
std::string reason_to_ignore(std::string_view event, const std::vector<std::string>& arguments,
                             std::string_view input, std::string_view state_reference,
                             const BranchPrefix& prefix = {});

}  // namespace changeling::hooks
