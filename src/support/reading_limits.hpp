#pragma once

#include <cstddef>
#include <cstdint>

namespace changeling {

// What is read of others ends somewhere: whoever may push a record or a definition must not be able to fill
// the memory or the time of everybody who reads it.

/// A record of the state, and a file of definitions.
inline constexpr std::size_t most_record_bytes = std::size_t{1} << 20;
/// An archive of records, a line each, and every other object of git that is read as a whole.
inline constexpr std::size_t most_object_bytes = std::size_t{256} << 20;

/// Objects and lists inside one another.
inline constexpr std::size_t most_json_depth = 200;
inline constexpr std::size_t most_toml_depth = 64;

/// Folders above a record, from the root of the state: "runs/ab/cd". What lies deeper is no record.
inline constexpr std::size_t most_folder_depth = 3;
/// Files and folders below one folder of the state.
inline constexpr std::size_t most_folder_entries = 3'000'000;
/// Misplaced files that are listed by name; the others are only left out.
inline constexpr std::size_t most_strays = 1000;

/// Whole numbers lie between its negative and it: what every reader of JSON keeps exactly, and far enough
/// from the end of 64 bits to be counted on with.
inline constexpr std::int64_t most_number = std::int64_t{1} << 53;

}  // namespace changeling
