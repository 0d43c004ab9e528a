#include "project/halt.hpp"

#include <fmt/format.h>

#include "project/project.hpp"
#include "project/settings.hpp"
#include "project/sharing.hpp"
#include "store/halt_record.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

Halt describe(const store::HaltRecord& halt) {
  std::string reason = "everything is switched off";
  if (!halt.by.empty()) reason += fmt::format(" by {} since {}", halt.by, format_timestamp(halt.since));
  if (!halt.reason.empty()) reason += ": " + halt.reason;
  return {std::move(reason), "git changeling enable --all"};
}

}  // namespace

std::optional<Halt> find_halt(const git::Repository& repository, const project::Places& places,
                              const store::Snapshot& snapshot) {
  if (project::switch_setting(repository, "changeling.disabled")) {
    return Halt{
        "everything is switched off on this machine by changeling.disabled",
        "git config --unset changeling.disabled, with --global where it was set for all repositories"};
  }
  if (std::filesystem::exists(places.halt_file())) {
    const std::string content = read_file_if_exists(places.halt_file()).value_or("");
    const std::string note(trim(content));
    return Halt{fmt::format("everything is switched off on this machine by the file {}{}",
                            places.halt_file().string(), note.empty() ? "" : ": " + note),
                fmt::format("rm '{}'", places.halt_file().string())};
  }
  if (const auto halt = store::read_halt(snapshot)) return describe(*halt);
  return std::nullopt;
}

std::optional<Halt> switch_off(Project& project, const std::string& reason) {
  const git::Identity& actor = project.store().actor();
  const store::HaltRecord halt{project.clock().now(), fmt::format("{} <{}>", actor.name, actor.email),
                               valid_utf8(reason)};
  project.store().update(
      {"switch everything off", "halt", {}},
      [&](const store::Snapshot&, store::Change& change) { store::write_halt(change, halt); });
  share_quietly(project);
  return find_halt(project.repository(), project.places(), project.snapshot());
}

std::optional<Halt> switch_on(Project& project) {
  project.store().update({"switch everything on", "unhalt", {}},
                         [](const store::Snapshot& snapshot, store::Change& change) {
                           if (store::read_halt(snapshot)) store::remove_halt(change);
                         });
  share_quietly(project);
  return find_halt(project.repository(), project.places(), project.snapshot());
}

}  // namespace changeling::project
