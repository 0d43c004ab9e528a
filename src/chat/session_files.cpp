#include "chat/session_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "support/error.hpp"
#include "support/file_descriptor.hpp"
#include "support/text.hpp"

namespace changeling::chat {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".jsonl";
constexpr std::size_t most_sessions = 200;
constexpr std::size_t largest_file = std::size_t{64} * 1024 * 1024;
constexpr auto long_ago = std::chrono::hours(24 * 90);
constexpr auto last_month = std::chrono::hours(24 * 62);

[[noreturn]] void fail(const fs::path& path) {
  throw Error(ErrorKind::Io, fmt::format("{}: {}", path.string(), std::strerror(errno)));
}

/// Its owner's alone, whatever the folder above it gives to a group.
void make_folder(const fs::path& folder) {
  create_private_directories(folder.parent_path());
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) fail(folder);
  if (::chmod(folder.c_str(), S_IRWXU) != 0) fail(folder);
}

bool ends_in_a_line(const FileDescriptor& file) {
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  char last = '\n';
  return size <= 0 || ::pread(file.get(), &last, 1, size - 1) != 1 || last == '\n';
}

Error unknown(const std::string& id) {
  return {ErrorKind::NotFound, fmt::format("there is no chat '{}' on this machine", shortened(id)),
          "see: git changeling chat --list"};
}

}  // namespace

SessionFiles::SessionFiles(project::Project& project) : folder_(project.places().local_folder() / "chat") {}

std::vector<std::string> SessionFiles::ids() const {
  std::vector<std::string> ids;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, missing)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(suffix)) continue;
    std::string id = name.substr(0, name.size() - suffix.size());
    if (is_session_id(id)) ids.push_back(std::move(id));
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<Session> SessionFiles::all() const {
  std::vector<Session> sessions;
  for (const std::string& id : ids()) {
    try {
      sessions.push_back(read(id));
    } catch (const Error&) {
      continue;
    }
  }
  std::stable_sort(sessions.begin(), sessions.end(), [](const Session& one, const Session& other) {
    return one.touched_at() > other.touched_at();
  });
  return sessions;
}

Session SessionFiles::read(const std::string& id) const {
  if (!is_session_id(id)) throw unknown(id);
  const auto text = read_regular_file(file(id), largest_file);
  if (!text) throw unknown(id);
  Session session = read_session(*text, is_locked(lock(id)));
  if (session.id != id)
    throw Error(ErrorKind::Invalid, fmt::format("{}: is another chat than its name says", file(id).string()));
  return session;
}

std::string SessionFiles::find(const std::string& beginning) const {
  std::vector<std::string> found;
  for (std::string& id : ids()) {
    if (id.starts_with(beginning)) found.push_back(std::move(id));
  }
  if (beginning.empty() || found.empty()) throw unknown(beginning);
  if (found.size() > 1)
    throw Error(ErrorKind::Usage,
                fmt::format("several chats begin with '{}': {}", beginning, join(found, ", ")));
  return found.front();
}

std::optional<FileLock> SessionFiles::try_lock(const std::string& id) const {
  make_folder(folder_);
  return FileLock::try_acquire(lock(id));
}

void SessionFiles::append(const std::string& id, const std::string& line) const {
  make_folder(folder_);
  const FileDescriptor file_descriptor(
      ::open(file(id).c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (file_descriptor.get() < 0) fail(file(id));
  // Behind a line that a power loss has cut off.
  const std::string whole = ends_in_a_line(file_descriptor) ? line : "\n" + line;
  std::string_view rest = whole;
  while (!rest.empty()) {
    const ssize_t count = ::write(file_descriptor.get(), rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(file(id));
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(file_descriptor.get()) != 0) fail(file(id));
}

void SessionFiles::drop_old(Timestamp now) const {
  const std::vector<Session> sessions = all();
  for (std::size_t place = 0; place < sessions.size(); ++place) {
    const auto age = now - sessions[place].touched_at();
    if (age < long_ago && (place < most_sessions || age < last_month)) continue;
    const auto held = try_lock(sessions[place].id);
    if (!held) continue;
    std::error_code ignored;
    fs::remove(file(sessions[place].id), ignored);
    fs::remove(lock(sessions[place].id), ignored);
  }
}

double SessionFiles::spent_since(Timestamp since) const {
  double sum = 0;
  for (const Session& session : all()) {
    for (const Message& message : session.messages) {
      if (message.sent_at >= since) sum += message.counted_cost();
    }
  }
  return sum;
}

}  // namespace changeling::chat
