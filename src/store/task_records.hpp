#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "queue/task.hpp"
#include "store/store.hpp"

namespace changeling::store {

std::string task_path(std::string_view id);
std::optional<queue::Task> read_task(const Snapshot& snapshot, std::string_view id);
void write_task(Change& change, const queue::Task& task);

}  // namespace changeling::store
