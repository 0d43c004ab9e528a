// A record of the state: the path of its kind, and its text. Tasks and runs that are read are written, and
// read the same.
#include "fuzzing.hpp"
#include "queue/task_json.hpp"
#include "store/record_kinds.hpp"
#include "store/run_record.hpp"
#include "support/json.hpp"

namespace {

using namespace changeling;

void take_task(std::string_view text) {
  const Json written = queue::to_json(queue::task_from_json(parse_json(text, "task"), "task"));
  require(queue::to_json(queue::task_from_json(written, "task")) == written);
}

void take_run(std::string_view text) {
  const Json written = store::to_json(store::run_from_json(parse_json(text, "run"), "run"));
  require(store::to_json(store::run_from_json(written, "run")) == written);
}

}  // namespace

void take(std::string_view input) {
  const std::string path(take_part(input, '\n'));
  if (path == "task") return take_task(input);
  if (path == "run") return take_run(input);
  const store::RecordKind* const kind = store::record_kind_at(path);
  if (kind == nullptr) return;
  if (kind->id_at != nullptr) static_cast<void>(kind->id_at(path));
  if (kind->check != nullptr) kind->check(std::string(input), path);
}

CHANGELING_FUZZ_TARGET
