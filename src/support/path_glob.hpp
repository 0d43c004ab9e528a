#pragma once

#include <string_view>

namespace changeling {

/// git's wildmatch for paths (WM_PATHNAME in its wildmatch.c): `*`, `?` and `[…]` stop at '/', a `**` that
/// stands alone between slashes or at an end does not, '\' takes the special meaning from what follows.
/// As in an ignore file, a pattern without '/' also matches the last component, and a pattern ending in '/'
/// matches everything below. Bytes are compared, not characters. Time grows with the product of both lengths.
bool matches_path_glob(std::string_view pattern, std::string_view path);

}  // namespace changeling
