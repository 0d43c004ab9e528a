#pragma once

#include <filesystem>

#include "project/places.hpp"

namespace changeling::run {

/// A file of a run that is there while what the run came to elsewhere is published here: should the program
/// be killed meanwhile, the run can still be published (recovery.hpp).
inline std::filesystem::path publication_mark(const project::RunFiles& files) {
  return files.folder / "publication";
}

}  // namespace changeling::run
