#include <array>

#include "run/claude_launcher.hpp"
#include "run/command_launcher.hpp"
#include "run/mngr_launcher.hpp"
#include "support/word_list.hpp"

namespace changeling::run {
namespace {

using Made = std::unique_ptr<Launcher>;

struct MakerRow {
  LauncherKind kind;
  Made (*make)(ProcessRunner& runner);
};

constexpr std::array makers{
    MakerRow{LauncherKind::Command,
             [](ProcessRunner&) -> Made { return std::make_unique<CommandLauncher>(); }},
    MakerRow{LauncherKind::Claude, [](ProcessRunner&) -> Made { return std::make_unique<ClaudeLauncher>(); }},
    MakerRow{LauncherKind::Mngr,
             [](ProcessRunner& runner) -> Made { return std::make_unique<MngrLauncher>(runner); }},
};
static_assert(stands_in_order(makers, &MakerRow::kind));

}  // namespace

std::unique_ptr<Launcher> make_launcher(LauncherKind kind, ProcessRunner& runner) {
  return makers[static_cast<std::size_t>(kind)].make(runner);
}

}  // namespace changeling::run
