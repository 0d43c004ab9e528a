#include "cli/kill_switch.hpp"

#include <fmt/format.h>

#include "project/halt.hpp"
#include "project/sharing.hpp"
#include "store/halt_record.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

Json halt_to_json(const std::optional<project::Halt>& halt) {
  return halt ? Json{{"reason", halt->reason}, {"undo", halt->undo}} : Json(nullptr);
}

}  // namespace

Answer switch_everything_off(Context& context, const std::string& reason) {
  context.require_state();
  const git::Identity& actor = context.store().actor();
  const store::HaltRecord halt{context.clock().now(), fmt::format("{} <{}>", actor.name, actor.email),
                               valid_utf8(reason)};
  context.store().update(
      {"switch everything off", "halt", {}},
      [&](const store::Snapshot&, store::Change& change) { store::write_halt(change, halt); });
  project::share_quietly(context);
  const auto found = project::find_halt(context.repository(), context.places(), context.snapshot());
  return {
      {{"halt", halt_to_json(found)}},
      "Switched everything off: nothing starts, and what runs is stopped; other machines obey after their "
      "next sync\n",
      0,
      "switch it on again: git changeling enable --all"};
}

Answer switch_everything_on(Context& context) {
  context.require_state();
  context.store().update({"switch everything on", "unhalt", {}},
                         [](const store::Snapshot& snapshot, store::Change& change) {
                           if (store::read_halt(snapshot)) store::remove_halt(change);
                         });
  project::share_quietly(context);
  const auto left = project::find_halt(context.repository(), context.places(), context.snapshot());
  if (left) {
    return {{{"halt", halt_to_json(left)}},
            fmt::format("Still off here: {}\n", left->reason),
            1,
            "undo it: " + left->undo};
  }
  return {{{"halt", nullptr}}, "Switched everything on\n", 0};
}

}  // namespace changeling::cli
