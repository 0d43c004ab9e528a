#include "server/run_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

constexpr std::size_t part_size = std::size_t{32} * 1024;
/// Whoever has so much to take gets more when it has taken some.
constexpr std::size_t most_ahead = std::size_t{256} * 1024;
constexpr auto pause_for_slow_clients = std::chrono::milliseconds(50);

std::uint64_t size_of(const FileDescriptor& file) {
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::string read_part(const FileDescriptor& file, std::uint64_t from) {
  std::string bytes(part_size, '\0');
  const ssize_t count = ::pread(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(from));
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return bytes;
}

/// Up to the last line end; of a line that is longer than a part, whole characters.
void keep_whole_lines(std::string& part) {
  if (const auto newline = part.rfind('\n'); newline != std::string::npos) return part.resize(newline + 1);
  if (part.size() < part_size) return part.clear();
  if (const std::size_t whole = whole_characters(part); whole > 0) part.resize(whole);
}

}  // namespace

RunOutput::RunOutput(EventLoop& loop, Source source, Client client)
    : loop_(loop),
      source_(std::move(source)),
      client_(std::move(client)),
      log_(::open(source_.log.c_str(), O_RDONLY | O_CLOEXEC)),
      changes_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (!log_) throw Error(ErrorKind::NotFound, fmt::format("run {} left no log on this machine", source_.run));
  if (!changes_ || ::inotify_add_watch(changes_.get(), source_.log.c_str(), IN_MODIFY) < 0)
    throw Error(ErrorKind::Io, fmt::format("{} cannot be watched: {}", source_.log, std::strerror(errno)));
  watching_ = loop_.watch(changes_.get(), EventLoop::Ready::ToRead, [this] { on_change(); });
  next_look_ = loop_.after(Duration(0), [this] { look(); });
}

void RunOutput::on_change() {
  std::array<char, 4096> notices;
  while (::read(changes_.get(), notices.data(), notices.size()) > 0) {
  }
  look();
}

void RunOutput::look() {
  while (client_.unsent() < most_ahead) {
    if (!send_part()) return next_look_.reset();
  }
  next_look_ = loop_.after(pause_for_slow_clients, [this] { look(); });
}

/// False when there is nothing more.
bool RunOutput::send_part() {
  const std::uint64_t size = size_of(log_);
  if (size < source_.after) {
    // Its middle was left out, see run/bounded_file.hpp; what the client counted means nothing any more.
    source_.after = size;
    client_.send(json_text({{"event", "run.output.reset"}, {"run", source_.run}, {"after", size}}));
    return true;
  }
  std::string part = read_part(log_, source_.after);
  keep_whole_lines(part);
  if (part.empty()) return false;
  const std::uint64_t from = std::exchange(source_.after, source_.after + part.size());
  client_.send(json_text({{"event", "run.output"},
                          {"run", source_.run},
                          {"offset", from},
                          {"after", source_.after},
                          {"text", valid_utf8(part)}}));
  return true;
}

}  // namespace changeling::server
