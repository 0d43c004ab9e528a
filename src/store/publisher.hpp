#pragma once

#include "git/object_id.hpp"
#include "store/request_board.hpp"
#include "support/files.hpp"

namespace changeling::store {

/// Makes operations known to the other machines before they count on this one. The remote's reference is the
/// register: of several clones that publish at once, one is accepted and the others decide anew.
class Publisher {
 public:
  virtual ~Publisher() = default;

  /// Taken for the time of one operation, so that the processes of one clone do not race each other over the
  /// network. Throws Error(Unavailable) when it stays taken.
  virtual FileLock begin() = 0;
  /// As begin, or what the process that had the turn has made of the request meanwhile. Nothing of a Turn but
  /// a lock, unless there is a board.
  virtual Turn wait_for_turn(const RequestBoard::MakeRequest& make_request) {
    static_cast<void>(make_request);
    Turn turn;
    turn.lock = begin();
    return turn;
  }
  /// Where those stand that wait for their turn; null: nowhere.
  virtual RequestBoard* board() { return nullptr; }
  /// Brings what others have published into the local state. Throws Error(Unavailable) when the remote cannot
  /// be reached.
  virtual void catch_up() = 0;

  enum class Publication {
    Accepted,  ///< The remote's reference is at the commit.
    Outdated,  ///< The remote has moved on: catch up and decide again.
  };
  /// Throws Error(Unavailable) when the remote cannot be reached or does not take it. A push that was cut off
  /// may still arrive afterwards: whoever is told of the error has nothing, and what arrives runs out as a
  /// lease.
  virtual Publication publish(const git::ObjectId& commit) = 0;
  /// As publish, for a commit that does not build on what the remote has: it replaces `expected` and nothing
  /// else.
  virtual Publication replace(const git::ObjectId& expected, const git::ObjectId& commit) = 0;
};

}  // namespace changeling::store
