#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.hpp"

namespace changeling::sandbox {

/// The word of the command line with which this program is the proxy of a run.
inline constexpr const char* proxy_word = "__sandbox-proxy";

/// The proxy of a run whose network is a list: a process of its own that answers CONNECT and plain HTTP
/// requests on a socket in the file system, for the names of the list only. It ends with this object and with
/// this process.
class ProxyProcess {
 public:
  /// Makes the socket `proxy` in the folder. Throws Error(Io).
  ProxyProcess(const std::filesystem::path& folder, const std::filesystem::path& own_program,
               const std::vector<std::string>& list, const Environment& environment);

  /// Hosts that were refused since the last call, each once in the life of the proxy.
  std::vector<std::string> take_refused();

 private:
  std::shared_ptr<FileDescriptor> listener_;
  std::unique_ptr<ChildProcess> process_;
  std::string unread_;
};

/// What that process does: serves those who connect to `listener` until it is ended, and writes the hosts
/// that it refuses to the descriptor `output`, one a line.
int be_proxy(const FileDescriptor& listener, const std::vector<std::string>& list, int output);

}  // namespace changeling::sandbox
