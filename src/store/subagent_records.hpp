#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "changeling/subagent.hpp"
#include "store/damaged.hpp"
#include "store/store.hpp"

namespace changeling::store {

inline constexpr std::string_view subagents_folder = "agents";

// Sub-agents on the state ref: agents/NAME.toml.

std::string subagent_path(std::string_view name);
/// The sub-agent that lies at this path, or nothing when it cannot be one.
std::optional<std::string> subagent_of(std::string_view path);
/// Nothing when the state has no such sub-agent. Throws Error(Invalid) when it is damaged.
std::optional<Subagent> read_subagent(const Snapshot& snapshot, const std::string& name);
/// Those that can be read; the others are noted in `damaged`, if it is given.
std::map<std::string, Subagent> read_subagents(const Snapshot& snapshot, DamagedRecords* damaged = nullptr);
void write_subagent(Change& change, const Subagent& subagent);

}  // namespace changeling::store
