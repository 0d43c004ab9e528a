#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "store/board_file.hpp"
#include "support/files.hpp"

namespace changeling::store {

/// What waiting for the lock came to.
struct Turn {
  /// The lock; without it and without an answer the patience has ended, or the request was refused.
  std::optional<FileLock> lock;
  /// What a holder of the lock wrote for the request.
  std::optional<std::string> answer;
  /// Whether what the answer tells of has happened. Otherwise that holder was killed, or is stuck: the answer
  /// counts if, by the state itself, it has happened.
  bool is_done = false;
};

/// Who waits for the store's lock stands on a board beside it, with what is to be done, so that the holder
/// can do it for all that wait. The board decides nothing: whoever finds no place on it, or whose holder is
/// killed, gets the lock as ever, and every answer is verified against the state unless its giver says that
/// it is done. Not to be shared between threads.
class RequestBoard {
 public:
  using TryLock = std::function<std::optional<FileLock>()>;
  /// Called when there is somebody to hand the request to. Empty: it asks for the lock alone.
  using MakeRequest = std::function<std::string()>;

  /// `file` is a path beside the lock. Opens nothing yet.
  explicit RequestBoard(std::filesystem::path file) : path_(std::move(file)) {}

  /// Waits for the lock, or for what its holder answers to the request. `make_request` may be empty.
  Turn wait(const TryLock& try_lock, const MakeRequest& make_request, std::chrono::milliseconds patience);

  /// A request of another process that waits.
  struct Request {
    int place = 0;
    std::uint32_t number = 0;
    std::string text;
  };
  // For the holder of the lock. Each request that it takes ends by finish or refuse; one that it has prepared
  // and lets down, as it does when it fails in between, is found out about by its owner.
  std::optional<Request> take();
  /// The answer that counts if the reference is moved now. False when the owner no longer waits for it.
  bool prepare(const Request& request, std::string_view answer);
  /// The reference was not moved: the answer does not count, another one is to come. False as prepare.
  bool take_back(const Request& request);
  void finish(const Request& request);
  void refuse(const Request& request);
  /// After the lock is free: wakes one that waits for it.
  void wake_next();

 private:
  bool post(std::string_view request);
  Turn withdraw();

  std::filesystem::path path_;
  std::optional<BoardFile> file_;
  std::optional<int> own_;  ///< The place that this object stands at.
};

}  // namespace changeling::store
