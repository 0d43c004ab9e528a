#include "run/machine_walls.hpp"

#include <fmt/format.h>

#include "project/settings.hpp"
#include "support/error.hpp"
#include "support/user_folders.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

fs::path note_of_probe(const Environment& environment) {
  const auto folder = find_user_folder(environment, UserFolder::State);
  return folder ? *folder / "sandbox-probe" : fs::path();
}

}  // namespace

SandboxPolicy machine_policy(const project::Services& services) {
  std::string word = project::text_setting(services.repository, "changeling.sandbox").value_or("auto");
  if (const auto said = services.environment.get("CHANGELING_SANDBOX")) word = *said;
  if (word == "off") return SandboxPolicy::Off;
  return word == "required" ? SandboxPolicy::Required : SandboxPolicy::Auto;
}

SandboxPolicy policy_of(const project::Services& services, const Definition& definition) {
  const SandboxPolicy here = machine_policy(services);
  if (definition.sandbox == SandboxPolicy::Auto) return here;
  if (definition.sandbox == SandboxPolicy::Required || here != SandboxPolicy::Required)
    return definition.sandbox;
  const bool is_variable = services.environment.get("CHANGELING_SANDBOX").has_value();
  throw Error(ErrorKind::Refused,
              fmt::format("the definition of {} says sandbox = off, and this machine requires one ({})",
                          definition.name,
                          is_variable ? "CHANGELING_SANDBOX=required" : "changeling.sandbox = required"),
              fmt::format("let it be held: git changeling update {} --sandbox auto; or allow it here: {}",
                          definition.name,
                          is_variable ? "unset CHANGELING_SANDBOX" : "git config changeling.sandbox auto"));
}

sandbox::Probe probe_machine(const project::Services& services) {
  return sandbox::probe(services.environment, services.processes, note_of_probe(services.environment));
}

sandbox::Probe walls_for_drivers(const project::Services& services) {
  return machine_policy(services) == SandboxPolicy::Off ? sandbox::Probe() : probe_machine(services);
}

fs::path own_program() {
  std::error_code unreadable;
  const fs::path program = fs::read_symlink("/proc/self/exe", unreadable);
  return program.filename().string().starts_with("git-changeling") ? program : fs::path();
}

}  // namespace changeling::run
