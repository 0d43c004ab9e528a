#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "queue/task.hpp"

namespace changeling::queue {

/// What takes a task from one status to another.
enum class Operation { Move, Claim, Complete, Release, Expire, Block, Unblock, Close };
std::string_view to_string(Operation operation);

/// One arrow of the picture in docs/queue.md.
struct LegalMove {
  TaskStatus from;
  TaskStatus to;
  Operation by;
};

/// The one table of legal moves; everything else is refused. Also draws the picture (see moves_as_diagram).
std::span<const LegalMove> legal_moves();
bool is_legal(TaskStatus from, TaskStatus to, Operation by);
/// Where `task move` may take a task from here, in the order of TaskStatus.
std::vector<TaskStatus> moves_from(TaskStatus from, Operation by = Operation::Move);
/// Throws Error(Refused) naming what is legal from here unless the move is in the table.
void check_move(const Task& task, TaskStatus to, Operation by);
/// The table as a Mermaid state diagram, for docs/queue.md.
std::string moves_as_diagram();

}  // namespace changeling::queue
