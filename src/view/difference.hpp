#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "git/patch_text.hpp"
#include "git/repository.hpp"

namespace changeling::view {

/// One file of a difference with its lines, as a review shows it.
nlohmann::json to_json(const git::FileChange& change, const git::FilePatch& patch);

/// Whether a file is one that programs write and nobody reads: a lock file, minified or generated code, by
/// its name or by what its first lines say of it.
bool is_generated(std::string_view path, const git::FilePatch& patch);

}  // namespace changeling::view
