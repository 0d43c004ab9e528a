#include "git/index_file.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::git {
namespace {

/// About ten million files.
constexpr std::size_t longest_index = 1024UL * 1024 * 1024;

/// The mode of a link, 0160000, as each entry of one has it.
constexpr std::string_view link_mode("\0\0\xE0\0", 4);
/// Extensions of an index of which entries lie in another file, or whole folders in one entry.
constexpr std::array<std::string_view, 2> in_parts{"link", "sdir"};

}  // namespace

bool may_hold_links(const std::filesystem::path& index) {
  const auto text = read_regular_file(index, longest_index);
  if (!text || text->size() == longest_index) return true;
  const std::string_view bytes(*text);
  const auto has = [&](std::string_view part) { return bytes.find(part) != std::string_view::npos; };
  return has(link_mode) || std::any_of(in_parts.begin(), in_parts.end(), has);
}

}  // namespace changeling::git
