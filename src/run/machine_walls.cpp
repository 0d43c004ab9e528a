#include "run/machine_walls.hpp"

#include "project/settings.hpp"
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
