#include "support/inside_run.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include "support/file_descriptor.hpp"

namespace changeling {
namespace {

/// Name and parent of a process, from /proc/PID/stat: "PID (NAME) STATE PARENT …".
struct Ancestor {
  std::string name;
  int parent = 0;
};

std::optional<Ancestor> look_up(int process) {
  const std::string path = "/proc/" + std::to_string(process) + "/stat";
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  char buffer[512];
  const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
  if (count <= 0) return std::nullopt;
  const std::string_view text(buffer, static_cast<std::size_t>(count));
  const auto open = text.find('(');
  const auto close = text.rfind(')');  // A name may hold one.
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  Ancestor ancestor{std::string(text.substr(open + 1, close - open - 1)), 0};
  constexpr std::size_t to_parent = 4;  // ") S "
  if (close + to_parent < text.size())
    std::from_chars(text.data() + close + to_parent, text.data() + text.size(), ancestor.parent);
  return ancestor;
}

bool is_below_a_keeper() {
  constexpr int most = 1000;  // Should processes end and numbers be used again while they are looked at.
  int process = ::getppid();
  for (int count = 0; process > 1 && count < most; ++count) {
    const auto ancestor = look_up(process);
    if (!ancestor) return false;
    if (ancestor->name == keeper_name) return true;
    process = ancestor->parent;
  }
  return false;
}

}  // namespace

std::optional<std::string> inside_a_run(const Environment& environment) {
  if (auto id = environment.get("CHANGELING_RUN"); id && !id->empty()) return id;
  if (::access(run_marker, F_OK) == 0 || is_below_a_keeper()) return "a run";
  return std::nullopt;
}

}  // namespace changeling
