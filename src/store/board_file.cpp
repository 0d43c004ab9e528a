#include "store/board_file.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <thread>

#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t page_bytes = 8'192;
constexpr std::size_t bytes_per_place = 65'536;
constexpr std::uint32_t phase_bits = 3;
constexpr std::uint32_t phase_mask = (1U << phase_bits) - 1;

static_assert(BoardFile::most_request_bytes + BoardFile::most_answer_bytes <= bytes_per_place);

std::uint32_t word_of(RequestState state) {
  return (state.number << phase_bits) | static_cast<std::uint32_t>(state.phase);
}

RequestState state_of(std::uint32_t word) {
  return {static_cast<RequestPhase>(word & phase_mask), word >> phase_bits};
}

off_t request_offset(int place) {
  return static_cast<off_t>(page_bytes + static_cast<std::size_t>(place) * bytes_per_place);
}

off_t answer_offset(int place) {
  return request_offset(place) + static_cast<off_t>(BoardFile::most_request_bytes);
}

/// Differs between machines and from one start of a machine to the next: memory is shared by neither.
std::uint64_t this_start_of_the_machine() {
  static const std::uint64_t value = [] {
    const auto text = read_regular_file("/proc/sys/kernel/random/boot_id", 64);
    return text ? std::uint64_t{std::hash<std::string>{}(*text)} : 0;
  }();
  return value;
}

/// An exclusive lock on the byte that stands for a place.
struct flock byte_of(int place) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = place;
  lock.l_len = 1;
  return lock;
}

bool write_all(int file, std::string_view text, off_t offset) {
  while (!text.empty()) {
    const ssize_t count = ::pwrite(file, text.data(), text.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
    offset += count;
  }
  return true;
}

std::string read_exactly(int file, std::size_t size, off_t offset) {
  std::string text(size, '\0');
  const ssize_t count = ::pread(file, text.data(), size, offset);
  text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return text;
}

FileDescriptor open_file(const fs::path& path) {
  return FileDescriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
}

}  // namespace

/// A cache line each, so that two processors do not fight over it.
struct alignas(64) BoardFile::Place {
  std::atomic<std::uint32_t> state;
  std::uint32_t request_size;
  std::uint32_t answer_size;
  std::uint32_t user;
  std::uint64_t start_of_machine;
};

BoardFile::BoardFile(FileDescriptor file, void* page) : file_(std::move(file)), page_(page) {}

BoardFile::BoardFile(BoardFile&& other) noexcept
    : file_(std::move(other.file_)), page_(std::exchange(other.page_, nullptr)) {}

BoardFile::~BoardFile() {
  if (page_ != nullptr) ::munmap(page_, page_bytes);
}

std::optional<BoardFile> BoardFile::open(const fs::path& path) {
  if (auto board = open_existing(path)) return board;
  try {
    // Makes it with the right rights, and lets one process give it its size.
    const auto lock = FileLock::acquire(path, std::chrono::seconds(1));
    const FileDescriptor file = open_file(path);
    // Reserved, not only promised: writing to a mapped page for which the disk has no room kills a process.
    if (!lock || !file || ::posix_fallocate(file.get(), 0, page_bytes) != 0) return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
  return open_existing(path);
}

std::optional<BoardFile> BoardFile::open_existing(const fs::path& path) {
  FileDescriptor file = open_file(path);
  return file ? map(std::move(file)) : std::nullopt;
}

std::optional<BoardFile> BoardFile::map(FileDescriptor file) {
  static_assert(sizeof(Place) * places <= page_bytes && std::atomic<std::uint32_t>::is_always_lock_free);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode) ||
      info.st_size < static_cast<off_t>(page_bytes))
    return std::nullopt;
  void* page = ::mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (page == MAP_FAILED) return std::nullopt;
  return BoardFile(std::move(file), page);
}

BoardFile::Place& BoardFile::at(int place) const {
  return static_cast<Place*>(page_)[place];
}

std::optional<int> BoardFile::occupy() {
  for (int place = 0; place < places; ++place) {
    struct flock lock = byte_of(place);
    if (::fcntl(file_.get(), F_OFD_SETLK, &lock) != 0) continue;
    Place& ours = at(place);
    // What a killed owner has left here is nobody's any more.
    set(place, {RequestPhase::None, state(place).number});
    ours.user = ::geteuid();
    ours.start_of_machine = this_start_of_the_machine();
    return place;
  }
  return std::nullopt;
}

bool BoardFile::is_ours_and_alive(int place) const {
  const Place& theirs = at(place);
  if (theirs.user != ::geteuid() || theirs.start_of_machine != this_start_of_the_machine()) return false;
  struct flock lock = byte_of(place);
  return ::fcntl(file_.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

RequestState BoardFile::state(int place) const {
  return state_of(at(place).state.load());
}

bool BoardFile::change(int place, RequestState from, RequestState to) {
  std::uint32_t expected = word_of(from);
  return at(place).state.compare_exchange_strong(expected, word_of(to));
}

void BoardFile::set(int place, RequestState to) {
  at(place).state.store(word_of(to));
}

void BoardFile::wake(int place) {
  ::syscall(SYS_futex, &at(place).state, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

void BoardFile::sleep(int place, RequestState while_it_is, std::chrono::microseconds longest) const {
  struct timespec limit {};
  limit.tv_sec = static_cast<time_t>(longest.count() / 1'000'000);
  limit.tv_nsec = static_cast<long>(longest.count() % 1'000'000) * 1'000;
  const long woken =
      ::syscall(SYS_futex, &at(place).state, FUTEX_WAIT, word_of(while_it_is), &limit, nullptr, 0);
  // Where the kernel has no such sleep, waiting must not take a processor.
  if (woken != 0 && errno != EAGAIN && errno != ETIMEDOUT && errno != EINTR)
    std::this_thread::sleep_for(longest);
}

bool BoardFile::write_request(int place, std::string_view text) {
  if (text.size() > most_request_bytes || !write_all(file_.get(), text, request_offset(place))) return false;
  at(place).request_size = static_cast<std::uint32_t>(text.size());
  return true;
}

bool BoardFile::write_answer(int place, std::string_view text) {
  if (text.size() > most_answer_bytes || !write_all(file_.get(), text, answer_offset(place))) return false;
  at(place).answer_size = static_cast<std::uint32_t>(text.size());
  return true;
}

std::string BoardFile::request(int place) const {
  return read_exactly(file_.get(), std::min<std::size_t>(at(place).request_size, most_request_bytes),
                      request_offset(place));
}

std::string BoardFile::answer(int place) const {
  return read_exactly(file_.get(), std::min<std::size_t>(at(place).answer_size, most_answer_bytes),
                      answer_offset(place));
}

}  // namespace changeling::store
