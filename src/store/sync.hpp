#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "git/program.hpp"
#include "git/repository.hpp"
#include "store/publisher.hpp"
#include "store/request_board.hpp"
#include "store/store.hpp"

namespace changeling::store {

struct SyncSettings {
  std::string remote;
  std::filesystem::path lock_file;         ///< Keeps the processes of this clone from racing each other.
  std::chrono::milliseconds time_limit{};  ///< For the whole of one operation; zero: none.
  /// Between two tries; may throw to give up.
  std::function<void(std::chrono::milliseconds)> sleep;
  /// Told what catch_up() has come upon; may be empty.
  std::function<void(const std::string&)> warn = {};
};

/// Both sides have the same state now.
struct Synced {
  bool received = false;  ///< Something of others came in.
  bool sent = false;      ///< Something of ours went out.
  std::vector<std::string> warnings;
};
/// The remote could not be asked; what is here stays for the next time.
struct Unreached {
  std::string reason;
};
/// The remote answered and does not take the state.
struct Declined {
  std::string reason;
  std::string hint;
};
using SyncResult = std::variant<Synced, Unreached, Declined>;

/// What the remote had when somebody last looked; a plain `git fetch` moves it, too.
std::string tracking_reference(const std::string& remote);
/// The newest commit of the remote that has been brought into our state.
std::string merged_reference(const std::string& remote);

/// Shares the state with one remote: fetch to the tracking reference, merge, push without force; bounded
/// retries with growing random pauses. Not to be shared between threads.
class Sync : public Publisher {
 public:
  /// Everything must outlive it.
  Sync(git::Repository& repository, const git::GitProgram& git, Store& store, SyncSettings settings);

  const std::string& remote() const { return settings_.remote; }

  /// Both ways. Throws Error(Refused) when the remote's state has a newer format than this program knows, and
  /// Error(Unavailable) when it is more than one epoch ahead (changeling.followEpoch).
  SyncResult run();
  /// Only what others have published.
  SyncResult receive();

  FileLock begin() override;
  Turn wait_for_turn(const RequestBoard::MakeRequest& make_request) override;
  RequestBoard* board() override { return &board_; }
  void catch_up() override;
  Publication publish(const git::ObjectId& commit) override;
  Publication replace(const git::ObjectId& expected, const git::ObjectId& commit) override;

  /// What the remote had when somebody last looked.
  std::optional<git::ObjectId> known_tip() const;

 private:
  /// What asking the remote for its state came to.
  struct Fetched {
    std::optional<git::ObjectId> tip;  ///< Nothing: the remote has no state.
    std::string problem;               ///< Not empty: it could not be asked.
  };
  Fetched fetch();
  /// Whether the state's own history ends at a boundary of a shallow clone.
  bool is_cut_off() const;
  /// Whether nothing of a commit that is on no reference yet has been deleted.
  bool is_all_here(const git::ObjectId& commit) const;
  /// Whether a partial clone has all that the state's history needs.
  bool is_complete(const std::optional<git::ObjectId>& tip) const;
  bool has(const Fetched& fetched, const git::ObjectId& commit) const;
  void take_in(const Fetched& fetched, Synced& result);
  Publication push(const git::ObjectId& commit, const std::optional<git::ObjectId>& replaces);
  void move(const std::string& reference, const git::ObjectId& tip);
  void start();
  void pause();
  std::chrono::milliseconds remaining() const;
  std::chrono::milliseconds patience() const;

  git::Repository& repository_;
  const git::GitProgram& git_;
  Store& store_;
  SyncSettings settings_;
  RequestBoard board_;
  std::chrono::steady_clock::time_point started_{};
  int pauses_ = 0;
  std::optional<Fetched> fresh_;  ///< Fetched after a refused push, for the catch_up that follows.
};

}  // namespace changeling::store
