#include "cli/described_lists.hpp"

#include <fmt/format.h>

#include "changeling/launcher_kinds.hpp"
#include "changeling/protected_paths.hpp"
#include "notify/channels.hpp"
#include "run/start_triggers.hpp"
#include "run/steps.hpp"
#include "store/record_kinds.hpp"
#include "store/run_places.hpp"
#include "store/run_record.hpp"
#include "support/json.hpp"
#include "webhooks/outcomes.hpp"
#include "webhooks/sources.hpp"
#include "work/source_kinds.hpp"

namespace changeling::cli {
namespace {

template <typename Table>
Json describe(const Table& table) {
  Json rows = Json::array();
  for (const auto& row : table) rows.push_back({{"word", row.word}, {"help", row.sentence}});
  return rows;
}

Json describe_record_kinds() {
  Json rows = Json::array();
  for (const store::RecordKind* kind : store::record_kinds())
    rows.push_back({{"word", kind->layout}, {"help", kind->sentence}});
  return rows;
}

Json describe_outcomes() {
  Json rows = Json::array();
  for (const store::OutcomeRow& row : store::outcomes())
    rows.push_back({{"word", row.word}, {"help", row.sentence}, {"success", row.is_success}});
  return rows;
}

Json describe_triggers() {
  Json rows = Json::array();
  for (const run::TriggerRow& row : run::triggers()) {
    rows.push_back({{"word", row.word},
                    {"help", row.sentence},
                    {"unattended", row.attendance == run::Attendance::Nobody}});
  }
  return rows;
}

Json describe_launchers() {
  Json rows = Json::array();
  for (const LauncherRow& row : launcher_kinds()) {
    rows.push_back({{"word", row.word},
                    {"help", row.sentence},
                    {"always_takes_messages", row.messages == Messages::Always},
                    {"at_terminal", row.at_terminal == AtTerminal::Works},
                    {"deployable", row.tied_here.empty()}});
  }
  return rows;
}

Json describe_channels() {
  Json rows = Json::array();
  for (const notify::Channel& channel : notify::channels())
    rows.push_back(
        {{"word", channel.name}, {"help", fmt::format("{}; {}", channel.sentence, channel.setting)}});
  return rows;
}

Json describe_protected_paths() {
  Json rows = Json::array();
  for (const ProtectedPath& path : protected_paths()) {
    const bool anywhere = path.place == ProtectedPath::Place::Anywhere;
    rows.push_back(
        {{"word", fmt::format("{}{}", anywhere ? "**/" : "", path.word)}, {"help", path.sentence}});
  }
  return rows;
}

}  // namespace

Json describe_lists() {
  return {{"records", describe_record_kinds()},
          {"outcomes", describe_outcomes()},
          {"steps", describe(run::steps())},
          {"triggers", describe_triggers()},
          {"launchers", describe_launchers()},
          {"sources", describe(work::source_kinds)},
          {"places", describe(store::run_places())},
          {"protected", describe_protected_paths()},
          {"channels", describe_channels()},
          {"webhook_sources", describe(webhooks::sources())},
          {"delivery_outcomes", describe(webhooks::outcomes())}};
}

}  // namespace changeling::cli
