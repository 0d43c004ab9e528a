#include "run/claude_launcher.hpp"
#include "run/command_launcher.hpp"
#include "run/launcher.hpp"
#include "run/mngr_launcher.hpp"
#include "support/error.hpp"

namespace changeling::run {

std::unique_ptr<Launcher> make_launcher(LauncherKind kind, ProcessRunner& runner) {
  switch (kind) {
    case LauncherKind::Command:
      return std::make_unique<CommandLauncher>();
    case LauncherKind::Claude:
      return std::make_unique<ClaudeLauncher>();
    case LauncherKind::Mngr:
      return std::make_unique<MngrLauncher>(runner);
  }
  throw Error(ErrorKind::Internal, "an unknown kind of launcher");
}

}  // namespace changeling::run
