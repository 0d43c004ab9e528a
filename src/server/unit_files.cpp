#include "server/unit_files.hpp"

#include <fmt/format.h>

#include "schedule/systemd_units.hpp"

namespace changeling::server {
namespace {

constexpr std::string_view origin = "# Written by \"git changeling serve install\", which writes it again.\n";

/// What neither the service nor an agent needs. Walls around files and name spaces are not among it: agents
/// work on the user's repositories, inside of walls of their own, which they could not build behind these.
constexpr std::string_view hardening =
    "NoNewPrivileges=yes\n"
    "LockPersonality=yes\n"
    "RestrictRealtime=yes\n"
    "RestrictSUIDSGID=yes\n"
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK\n"
    "SystemCallArchitectures=native\n"
    "SystemCallFilter=~@clock @cpu-emulation @module @obsolete @raw-io @reboot @swap\n"
    "UMask=0077\n";

std::string listen_address(const Place& place) {
  if (const auto* local = std::get_if<UnixPlace>(&place)) return local->path.string();
  return url_of(place).substr(std::string_view("http://").size());
}

std::string command_line(const UnitFacts& facts) {
  std::string line = schedule::systemd_word(facts.program);
  for (const std::string& word : facts.words) line += " " + schedule::systemd_word(word);
  return line;
}

}  // namespace

std::string service_unit(const UnitFacts& facts) {
  // Runs go on when the service ends: only the process that serves is ended with it.
  return fmt::format(
      "{}"
      "[Unit]\n"
      "Description=git-changeling: its API, schedules and workers\n"
      "Requires={}\n"
      "After={}\n"
      "\n"
      "[Service]\n"
      "Type=notify\n"
      "ExecStart={}\n"
      "ExecReload=/bin/kill -HUP $MAINPID\n"
      "Environment={}\n"
      "KillMode=process\n"
      "TimeoutStopSec=90\n"
      "WatchdogSec=60\n"
      "Restart=on-failure\n"
      "RestartSec=1\n"
      "{}"
      "\n"
      "[Install]\n"
      "WantedBy=default.target\n",
      origin, socket_unit_name, socket_unit_name, command_line(facts),
      schedule::systemd_word("PATH=" + facts.path), hardening);
}

std::string socket_unit(const UnitFacts& facts) {
  return fmt::format(
      "{}"
      "[Unit]\n"
      "Description=Where git-changeling listens\n"
      "\n"
      "[Socket]\n"
      "ListenStream={}\n"
      "SocketMode=0600\n"
      "DirectoryMode=0700\n"
      "\n"
      "[Install]\n"
      "WantedBy=sockets.target\n",
      origin, schedule::systemd_value(listen_address(facts.place)));
}

}  // namespace changeling::server
