#include "cli/pager.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "cli/context.hpp"
#include "cli/output.hpp"

namespace changeling::cli {
namespace {

bool fits_on_screen(std::string_view text) {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return true;
  return std::count(text.begin(), text.end(), '\n') < size.ws_row;
}

std::string pager_command(Context& context) {
  const Environment& environment = context.environment();
  if (const auto pager = environment.get("GIT_PAGER")) return *pager;
  try {
    if (const auto pager = context.repository().config("core.pager")) return *pager;
  } catch (const std::exception&) {
    // Outside a repository there is no core.pager.
  }
  return environment.get("PAGER").value_or("less");
}

}  // namespace

void show_text(std::string_view given, Context& context) {
  const std::string text = harmless_on_terminal(given);
  const bool wanted =
      context.terminal().output_is_terminal && !context.options().no_pager && !fits_on_screen(text);
  const std::string command = wanted ? pager_command(context) : "";
  if (command.empty() || command == "cat") {
    print_text(given);
    return;
  }
  // git's own defaults: quit when it fits, keep colours, do not clear the screen.
  ::setenv("LESS", "FRX", 0);
  std::signal(SIGPIPE, SIG_IGN);
  std::FILE* pager = ::popen(command.c_str(), "w");
  if (pager == nullptr) {
    print_text(given);
    return;
  }
  std::fwrite(text.data(), 1, text.size(), pager);
  ::pclose(pager);
}

}  // namespace changeling::cli
