#include "run/foreign_task.hpp"

#include <fmt/format.h>

#include "store/task_records.hpp"
#include "support/error.hpp"

namespace changeling::run {

bool is_foreign_task(const project::Services& services, const std::string& task) {
  const git::Identity person = services.store.actor();
  try {
    const auto record = store::read_task(services.store.snapshot(), task);
    return !record || !record->source.empty() ||
           record->created_by != fmt::format("{} <{}>", person.name, person.email);
  } catch (const Error&) {
    return true;
  }
}

}  // namespace changeling::run
