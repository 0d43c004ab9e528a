#pragma once

#include <filesystem>

namespace changeling {

/// Afterwards the names of what was put into this folder, or moved there, outlive a power loss, as the
/// content of its files does by write_file. Throws Error(Io).
void sync_folder(const std::filesystem::path& path);

}  // namespace changeling
