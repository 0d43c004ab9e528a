#include "project/halt.hpp"

#include <fmt/format.h>

#include "project/settings.hpp"
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

}  // namespace changeling::project
