#include "store/tracking.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "git/fetch_refspecs.hpp"
#include "store/sync.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view own_references = "refs/changelings/";

/// The right side of a refspec; empty without one.
std::string target_of(const std::string& refspec) {
  const auto colon = refspec.find(':');
  return colon == std::string::npos ? "" : refspec.substr(colon + 1);
}

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

RefspecChanges refspecs_for_state(const std::vector<std::string>& configured, const std::string& reference,
                                  const std::string& remote) {
  // As a pattern, because git fails when a name without one is missing on the remote.
  const std::string start = fmt::format("+{}*:", reference);
  const std::string tracking = fmt::format("{}{}*", start, tracking_reference(remote));
  const bool is_mirror = std::any_of(configured.begin(), configured.end(), [&](const auto& refspec) {
    return git::writes_onto(refspec, reference);
  });
  RefspecChanges changes;
  for (const std::string& refspec : configured) {
    const bool is_ours = refspec.starts_with(start) && target_of(refspec).starts_with(own_references);
    if (is_ours && (is_mirror || refspec != tracking)) changes.remove.push_back(refspec);
  }
  if (is_mirror) {
    for (const std::string& spared : {fmt::format("^{}*", own_references), "^" + reference}) {
      const bool is_spared_already = spared == "^" + reference && reference.starts_with(own_references);
      if (!is_spared_already && !contains(configured, spared)) changes.add.push_back(spared);
    }
  } else if (!reference.starts_with("refs/heads/") && !contains(configured, tracking)) {
    // Branches come with every fetch anyway.
    changes.add.push_back(tracking);
  }
  return changes;
}

}  // namespace changeling::store
