#include "queue/criteria.hpp"

namespace changeling::queue {

std::vector<std::string> command_lines(const std::vector<Criterion>& criteria) {
  std::vector<std::string> lines;
  for (const Criterion& criterion : criteria)
    if (criterion.kind == Criterion::Kind::Command) lines.push_back(criterion.value);
  return lines;
}

std::vector<std::string> leave_to_people(Task& task, const IsApproved& is_approved) {
  std::vector<std::string> left;
  for (Criterion& criterion : task.acceptance) {
    if (criterion.kind != Criterion::Kind::Command) continue;
    if (is_approved && is_approved(criterion.value)) continue;
    left.push_back(criterion.value);
    criterion = {Criterion::Kind::Text, to_string(criterion)};
  }
  return left;
}

}  // namespace changeling::queue
