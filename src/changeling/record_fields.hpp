#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "changeling/agent_type.hpp"
#include "changeling/fields.hpp"
#include "changeling/toml_file.hpp"

namespace changeling {

/// What a field has to do with the approval of its record.
enum class Approved {
  Always,
  /// Came after people had approved records: at its default it stays out of the digest, so that a new version
  /// of the program revokes nothing.
  UnlessDefault,
  /// Decides nothing that runs.
  Never,
};

/// One row per field of a record that has a section of its own: the only list of them. Reading, writing,
/// approving and the hints for misspelt keys follow it.
template <typename Record>
struct RecordField {
  std::string_view key;  ///< In TOML: "pass_env".
  FieldKind kind;
  Approved approved;
  FieldValue (*read)(const Record& record);
  /// The value is of the right kind and checked.
  void (*apply)(const FieldValue& value, Record& record);
  std::vector<std::string_view> choices = {};
  /// Throws Error(Invalid) that says what is allowed, without naming the field. May be null.
  void (*check)(const FieldValue& value) = nullptr;
};

/// In the order in which they are written; without the name, which is that of the section.
std::span<const RecordField<RoleDefinition>> role_fields();
std::span<const RecordField<AgentType>> agent_fields();
std::span<const RecordField<Subagent>> subagent_fields();

}  // namespace changeling
