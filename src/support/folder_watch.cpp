#include "support/folder_watch.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling {

FolderWatch::FolderWatch(const std::filesystem::path& folder, std::vector<std::string> names)
    : names_(std::move(names)), notifications_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  create_private_directories(folder);
  constexpr std::uint32_t events =
      IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE;
  if (!notifications_ || ::inotify_add_watch(notifications_.get(), folder.c_str(), events) < 0) {
    throw Error(ErrorKind::Io, fmt::format("could not watch {}: {}", folder.string(), std::strerror(errno)),
                "the system may be out of watches: see fs.inotify.max_user_watches");
  }
}

bool FolderWatch::take_changes() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  bool changed = false;
  for (;;) {
    const ssize_t count = ::read(notifications_.get(), buffer.data(), buffer.size());
    if (count <= 0) return changed;
    for (ssize_t position = 0; position < count;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + position, sizeof event);
      const char* name = buffer.data() + position + sizeof event;
      // After an overflow anything may have happened.
      changed = changed || (event.mask & IN_Q_OVERFLOW) != 0 ||
                (event.len > 0 && std::find(names_.begin(), names_.end(), name) != names_.end());
      position += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
}

bool FolderWatch::wait(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (take_changes()) return true;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{notifications_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(left.count())) < 0) return false;
  }
}

}  // namespace changeling
