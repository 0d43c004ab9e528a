#pragma once

#include <string_view>

namespace changeling {

/// A file compiled into the program. Both views live as long as the program.
struct EmbeddedFile {
  std::string_view name;  ///< File name without folders, such as "typo-sprite.toml"; or its path below
                          ///< one, see cmake/EmbedFiles.cmake.
  std::string_view content;
};

}  // namespace changeling
