#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"
#include "support/error.hpp"

namespace changeling::store {

/// A record that cannot be read. It stays as it is, and everything else goes on without it.
struct Damaged {
  std::string path;    ///< In the state's tree.
  std::string reason;  ///< Without the path.
};
using DamagedRecords = std::vector<Damaged>;

/// The bytes of the record at a path, or nothing when nothing is there. Throws Error(Invalid), with the
/// reason alone, for an empty file, and for what is no file: a folder, a link, a submodule, a missing object.
std::optional<std::string> read_record(const Snapshot& snapshot, const std::string& path);

/// "1a2b3c4d:runs/ab/cd/ID.json", as `git show` understands it.
std::string place_of(const Snapshot& snapshot, const std::string& path);

/// The failure of a command that asked for exactly this record: which file, why, and what to do.
Error damaged_error(const Snapshot& snapshot, const Damaged& damaged);

/// Calls `read`, which throws for a damaged record. Its failure is noted in `damaged`, if there is one, and
/// ends nothing; returns whether it succeeded.
bool read_or_note(const std::string& path, DamagedRecords* damaged, const std::function<void()>& read);
/// Notes a path that no record can have.
void note_stray(const std::string& path, std::string_view kind, DamagedRecords* damaged);

/// Calls `read`, which throws for a damaged record, and throws damaged_error() instead.
void read_or_explain(const Snapshot& snapshot, const std::string& path, const std::function<void()>& read);

}  // namespace changeling::store
