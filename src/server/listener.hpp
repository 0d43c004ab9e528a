#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "support/file_descriptor.hpp"

namespace changeling::server {

struct TcpPlace {
  std::string host;  ///< A numeric address, without brackets.
  int port = 0;      ///< 0: the system chooses.
};

struct UnixPlace {
  std::filesystem::path path;  ///< Absolute.
};

/// Where the server is to be reached.
using Place = std::variant<TcpPlace, UnixPlace>;

/// Reads "127.0.0.1:8473", "[::1]:8473", "localhost:8473" (the first) or "unix:PATH". Throws Error(Usage).
Place read_place(const std::string& text);
/// Whether only this machine reaches it.
bool is_local(const Place& place);

/// A socket that listens and where it does so, with the port that the system has chosen.
struct Listening {
  FileDescriptor socket;
  Place place;
};

/// Does not block, and is not inherited. The file of a Unix socket is for its owner only; one that a dead
/// server has left is replaced. Throws Error(Conflict) where a living one listens, Error(Io) otherwise.
Listening start_listening(const Place& place);

/// What systemd hands over (sd_listen_fds(3)): a socket with this number.
Listening adopt_listening(int descriptor);

/// A connection to whoever listens there; it blocks. Throws Error(Unavailable).
FileDescriptor connect_to(const Place& place);

/// "http://127.0.0.1:8473" or "http+unix:///run/…/sock".
std::string url_of(const Place& place);

}  // namespace changeling::server
