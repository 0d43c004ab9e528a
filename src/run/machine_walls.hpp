#pragma once

#include <filesystem>

#include "changeling/definition.hpp"
#include "project/services.hpp"
#include "sandbox/probe.hpp"

namespace changeling::run {

/// What the user says of all runs on this machine: CHANGELING_SANDBOX, otherwise changeling.sandbox.
SandboxPolicy machine_policy(const project::Services& services);

/// What holds for a run: the definition's word, or the machine's where that says auto. Throws Error(Refused)
/// where the machine requires what the definition switches off.
SandboxPolicy policy_of(const project::Services& services, const Definition& definition);

/// Whether bubblewrap works here; looked up once for each start of the machine.
sandbox::Probe probe_machine(const project::Services& services);

/// What holds the user's filters and merge drivers, whatever a definition says about its agent: bubblewrap
/// where it works, nothing where the user has said off.
sandbox::Probe walls_for_drivers(const project::Services& services);

/// The program for Walls::own_program. Empty where this is another one that has our library: it does not know
/// the words for its part.
std::filesystem::path own_program();

}  // namespace changeling::run
