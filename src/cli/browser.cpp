#include "cli/browser.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "support/process.hpp"

namespace changeling::cli {
namespace {

bool has(const Environment& environment, const char* name) {
  const auto value = environment.get(name);
  return value && !value->empty();
}

std::string browser_of(const Environment& environment) {
  if (has(environment, "BROWSER")) return *environment.get("BROWSER");
  const bool is_desktop = has(environment, "DISPLAY") || has(environment, "WAYLAND_DISPLAY");
  return is_desktop && find_program("xdg-open", environment) ? "xdg-open" : "";
}

}  // namespace

bool open_in_browser(const Context& context, const std::string& address) {
  const std::string browser = browser_of(context.environment());
  // The shell gets it as git gives it an editor: one that draws in the terminal needs it.
  return !browser.empty() && std::system(fmt::format("{} {}", browser, shell_quote(address)).c_str()) == 0;
}

}  // namespace changeling::cli
