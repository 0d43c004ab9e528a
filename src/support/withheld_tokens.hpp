#pragma once

#include <map>
#include <string>
#include <string_view>

#include "support/environment.hpp"

namespace changeling {

/// Variables with tokens of forges. No program that we start gets them unless it is told to with
/// with_withheld_tokens().
bool is_forge_token(std::string_view variable);

/// Variables of this process, read once at the very start, before any thread. Tokens of forges are not among
/// them: they are kept in memory and taken out of the environment of this process. Their bytes, and those of
/// everything else whose name says that it is a secret, are overwritten where /proc/PID/environ shows them
/// (proc(5)), and /proc/PID is closed to other processes of this user, unless this process is part of a run:
/// then it has no tokens, and whoever ends the run must be able to recognise it.
Environment take_environment();

/// A variable that turns out to be a secret: its bytes are overwritten where others could read them. Before
/// any thread, too; no variable of that name is fine.
void hide_variable(const std::string& name);

/// What was taken: names and values.
const std::map<std::string, std::string>& withheld_tokens();
/// For a process that was handed them by the one that started it.
void withhold_tokens(std::map<std::string, std::string> tokens);

/// `environment` with the tokens, for the forge's own programs and for transfers of git, whose credential
/// helpers may read them.
Environment with_withheld_tokens(Environment environment);

}  // namespace changeling
