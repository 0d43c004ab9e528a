#pragma once

#include <filesystem>
#include <string_view>

#include "support/file_descriptor.hpp"

namespace changeling::sandbox {

/// A listening socket, at a path that may be of any length; replaces what is there. Throws Error(Io).
FileDescriptor listen_at(const std::filesystem::path& path);
/// Listens on 127.0.0.1. Throws Error(Io).
FileDescriptor listen_on_port(int port);
/// The next who has connected; waits for it. Absent when there will be nobody any more.
FileDescriptor accept_from(const FileDescriptor& listener);
/// Absent when nobody listens there.
FileDescriptor connect_to(const std::filesystem::path& path);

/// False when the other side is gone.
bool send_all(const FileDescriptor& to, std::string_view bytes);
/// Passes on what comes from either side until both have said all.
void pass_on(const FileDescriptor& one, const FileDescriptor& other);

}  // namespace changeling::sandbox
