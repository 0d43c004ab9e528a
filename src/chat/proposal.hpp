#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "changeling/fields.hpp"

namespace changeling::chat {

/// What the agent of a chat can propose.
enum class ProposalKind { Changeling, Role, Task, Webhook, Agent, Skill };

/// A field that a proposal may give.
struct ProposalField {
  std::string key;
  FieldKind kind = FieldKind::Text;
  std::vector<std::string> choices = {};  ///< The only words that are allowed; none: all.
  std::string help = {};                  ///< For the agent; may be empty.
};

struct ProposalKindRow {
  ProposalKind kind = ProposalKind::Task;
  std::string_view word;
  std::string_view sentence;  ///< What it is, for people and for the agent, without a full stop.
  bool is_named = true;       ///< It has a name, under which there may be one already that it changes.
  /// What holds an agent (its sandbox, secrets that it gets) is none of them: a person decides that by
  /// themselves. Nor is a webhook's secret.
  std::vector<ProposalField> (*fields)();
};

/// The only list of them, in the order of ProposalKind.
std::span<const ProposalKindRow> proposal_kinds();
const ProposalKindRow& kind_row(ProposalKind kind);
std::string_view to_string(ProposalKind kind);

/// Something that an agent proposes and that is nothing yet.
struct Proposal {
  ProposalKind kind = ProposalKind::Task;
  std::string name;  ///< Empty for what has none.
  /// By key, in the form of the field's kind.
  std::map<std::string, FieldValue> fields;
};

nlohmann::json to_json(const Proposal& proposal);
/// Strict: Throws Error(Invalid) for an unknown kind or field, with the nearest, and for a value of the wrong
/// form. Null stands for a field that is left out.
Proposal proposal_from_json(const nlohmann::json& json);

/// The longest text of a field, in bytes, and the most elements of a list or map.
inline constexpr std::size_t longest_field = std::size_t{32} * 1024;
inline constexpr std::size_t most_elements = 100;
/// The longest proposal, as JSON.
inline constexpr std::size_t longest_proposal = std::size_t{128} * 1024;

}  // namespace changeling::chat
