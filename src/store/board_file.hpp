#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "support/file_descriptor.hpp"

namespace changeling::store {

/// How far a request on the board has come.
enum class RequestPhase : std::uint32_t {
  None,      ///< Nobody asks for anything here.
  Waiting,   ///< For whoever holds the lock.
  Taken,     ///< The holder works on it; nothing of that counts yet.
  Prepared,  ///< The answer is there, and counts once what it tells of has happened.
  Done,      ///< It has happened.
  Refused,   ///< The holder does not do it.
};

/// The phase of one request, which changes hands by compare-and-swap. The number tells the requests of one
/// place from each other, so that nobody answers a later one by mistake.
struct RequestState {
  RequestPhase phase = RequestPhase::None;
  std::uint32_t number = 0;

  bool operator==(const RequestState&) const = default;
};

/// A file that processes of one machine map into their memory: a few places, each with a state that changes
/// atomically, a request and an answer. A place is its owner's while the owner lives: a lock on one byte of
/// the file, which the kernel takes away from a process that is killed.
class BoardFile {
 public:
  static constexpr int places = 64;
  static constexpr std::size_t most_request_bytes = 4'096;
  static constexpr std::size_t most_answer_bytes = 57'344;

  /// Opens the file, or makes it with the rights that its folder gives. Nothing when there can be none here,
  /// as on read-only media or a full disk.
  static std::optional<BoardFile> open(const std::filesystem::path& path);
  /// The same of one that exists; nothing when it does not.
  static std::optional<BoardFile> open_existing(const std::filesystem::path& path);

  BoardFile(BoardFile&& other) noexcept;
  BoardFile(const BoardFile&) = delete;
  BoardFile& operator=(const BoardFile&) = delete;
  BoardFile& operator=(BoardFile&&) = delete;
  ~BoardFile();

  /// Makes a free place this object's, for as long as it lives; nothing when all are taken.
  std::optional<int> occupy();
  /// Whether the one whose place it is still lives, is of this user, and of this start of the machine.
  bool is_ours_and_alive(int place) const;

  RequestState state(int place) const;
  /// False when the state was another one.
  bool change(int place, RequestState from, RequestState to);
  void set(int place, RequestState to);
  /// Wakes whoever sleeps on the place.
  void wake(int place);
  /// Sleeps until woken, at most so long; not at all when the state is another one already.
  void sleep(int place, RequestState while_it_is, std::chrono::microseconds longest) const;

  /// False when the text is too long or cannot be written.
  bool write_request(int place, std::string_view text);
  bool write_answer(int place, std::string_view text);
  std::string request(int place) const;
  std::string answer(int place) const;

 private:
  struct Place;
  BoardFile(FileDescriptor file, void* page);
  static std::optional<BoardFile> map(FileDescriptor file);
  Place& at(int place) const;

  FileDescriptor file_;
  void* page_;
};

}  // namespace changeling::store
