#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changeling::store {

/// The bytes of one record in three histories; nothing where it does not exist.
struct RecordVersions {
  std::optional<std::string> base;       ///< As both sides last knew it.
  std::optional<std::string> ours;       ///< With what is not published yet.
  std::optional<std::string> published;  ///< As the shared remote has it.
};

struct MergedRecord {
  std::optional<std::string> content;  ///< Nothing removes the record.
  std::string warning;                 ///< One sentence when something could not be kept; mostly empty.
};

/// Brings the versions of the record at `path` together, by the rules of docs/record-format.md: changed on
/// one side only, that side; removed on one and changed on the other, the change; otherwise field by field
/// for its kind. A version that cannot be read gives way to one that can.
MergedRecord merge_record(std::string_view path, const RecordVersions& versions);

}  // namespace changeling::store
