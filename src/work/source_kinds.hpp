#pragma once

#include <array>
#include <string_view>

#include "support/word_list.hpp"

namespace changeling::work {

/// Where tasks come from.
enum class SourceKind { Queue, Beads, GitHub };

struct SourceRow {
  SourceKind kind = SourceKind::Queue;
  std::string_view word;  ///< On the command line, in sessions and in messages.
  std::string_view sentence;
};

/// The only list of them.
inline constexpr std::array source_kinds{
    SourceRow{SourceKind::Queue, "queue", "The queue on the state reference"},
    SourceRow{SourceKind::Beads, "beads", "Issues in the beads database of the work tree"},
    SourceRow{SourceKind::GitHub, "github", "Issues of the remote's repository on GitHub"},
};
static_assert(stands_in_order(source_kinds, &SourceRow::kind));

constexpr std::string_view to_string(SourceKind kind) {
  return source_kinds[static_cast<std::size_t>(kind)].word;
}

/// Throws Error(Usage) "option --source: …" with the nearest right one.
SourceKind parse_source_kind(std::string_view word);

}  // namespace changeling::work
