#include "sandbox/confine.hpp"

#include <fmt/format.h>

#include "sandbox/mounts.hpp"
#include "sandbox/probe.hpp"
#include "sandbox/system_call_filter.hpp"
#include "support/spawn.hpp"

namespace changeling::sandbox {
namespace {

namespace fs = std::filesystem;

/// Where the part inside listens for those who want out; nobody else is in that network.
constexpr const char* proxy_address = "http://127.0.0.1:3128";

using Options = std::vector<std::string>;

void add(Options& options, std::initializer_list<std::string> more) {
  options.insert(options.end(), more);
}

/// Keeps a text open for the program that is to be started; returns the number to name it by.
std::string passed_on(Command& command, const std::string& text) {
  command.inherited.push_back(std::make_shared<FileDescriptor>(file_in_memory(text)));
  return std::to_string(command.inherited.back()->get());
}

/// Whether our part inside is the first process there. bubblewrap's own makes one code of signal 9 and of
/// "exit 137".
bool is_first_inside(const Walls& walls) {
  return !walls.bubblewrap.empty() && !walls.own_program.empty();
}

/// What names folders that are elsewhere now.
void adapt(Environment& environment, const Walls& walls) {
  environment.set("TMPDIR", "/tmp");
  for (const char* name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"}) {
    const auto value = environment.get(name);
    if (!value) continue;
    bool is_own = false;
    for (const Replacement& each : walls.replaced) is_own = is_own || is_inside(*value, each.place);
    if (!is_own) environment.unset(name);
  }
  if (walls.network != Network::Listed) return;
  for (const char* name :
       {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"})
    environment.set(name, proxy_address);
  for (const char* name : {"NO_PROXY", "no_proxy"})
    environment.set(name, walls.own_servers ? "localhost,127.0.0.1,::1" : "");
  environment.set("NODE_USE_ENV_PROXY", "1");
}

Options namespaces(const Walls& walls, const Command& command) {
  Options options{user_namespace_option(), "--unshare-pid",        "--unshare-ipc",
                  "--unshare-uts",         "--unshare-cgroup-try", "--die-with-parent"};
  if (walls.network != Network::Full) add(options, {"--unshare-net"});
  if (is_first_inside(walls)) add(options, {"--as-pid-1"});
  // At a terminal the filter of system calls does that, and job control goes on.
  if (command.session != Session::Terminal) add(options, {"--new-session"});
  return options;
}

std::string joined(const Options& options) {
  std::string text;
  for (const std::string& option : options) text += option + '\0';
  return text;
}

/// The part inside starts first where there is something for it to do.
void put_inside(Command& command, const Walls& walls) {
  Options words;
  if (walls.most_processes > 0) add(words, {"--processes", std::to_string(walls.most_processes)});
  if (walls.network == Network::Listed) add(words, {"--proxy", fmt::format("{}/proxy/proxy", inner_folder)});
  if (is_first_inside(walls)) {
    add(words, {"--first", passed_on(command, "")});
    command.ending = command.inherited.back();
  }
  if (words.empty() && command.session != Session::Terminal) return;
  words.insert(words.begin(), {fmt::format("{}/git-changeling", inner_folder), inside_word});
  words.emplace_back("--");
  command.arguments.insert(command.arguments.begin(), words.begin(), words.end());
}

}  // namespace

Command confine(Command command, const Walls& walls) {
  command.limits.insert(command.limits.end(), walls.limits.begin(), walls.limits.end());
  command.groups.insert(command.groups.end(), walls.doors.begin(), walls.doors.end());
  const fs::path program = locate_program(command);
  command.arguments.front() = program.string();
  if (walls.bubblewrap.empty()) return command;
  put_inside(command, walls);
  Options options = namespaces(walls, command);
  const Options mounts = mount_options(walls, program);
  options.insert(options.end(), mounts.begin(), mounts.end());
  if (!command.working_directory.empty()) add(options, {"--chdir", command.working_directory.string()});
  if (const std::string filter = system_call_filter(); !filter.empty())
    add(options, {"--seccomp", passed_on(command, filter)});
  if (command.environment) adapt(*command.environment, walls);
  // Not in words: those of the first process can be read inside.
  Options words{walls.bubblewrap.string(), "--args", passed_on(command, joined(options)), "--"};
  command.arguments.insert(command.arguments.begin(), words.begin(), words.end());
  command.part = Part::Wrapper;
  return command;
}

}  // namespace changeling::sandbox
