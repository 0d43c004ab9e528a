#pragma once

#include <string>
#include <vector>

namespace changeling::store {

/// What remote.NAME.fetch has to become so that a plain `git fetch` brings the remote's state to its tracking
/// reference and touches nothing else of ours.
struct RefspecChanges {
  std::vector<std::string> add;
  std::vector<std::string> remove;
};

/// `configured` are the values of remote.REMOTE.fetch, `reference` is where the state lies.
/// - A plain clone gets the reference with its tracking reference on the right.
/// - Where everything is fetched onto itself, as in a mirror (+refs/*:refs/*), git would put the remote's
/// state
///   over ours, with what is not shared yet, and prune our own references. There `^` takes them out of the
///   fetch (git 2.29); only our own fetches bring the state then.
/// - What we had set for this remote under another name (`git remote rename`) goes.
RefspecChanges refspecs_for_state(const std::vector<std::string>& configured, const std::string& reference,
                                  const std::string& remote);

}  // namespace changeling::store
