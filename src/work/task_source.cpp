#include "work/task_source.hpp"

#include <fmt/format.h>

#include "support/error.hpp"

namespace changeling::work {

std::vector<queue::Task> TaskSource::peek(const queue::ClaimFilter&, std::size_t) {
  throw Error(ErrorKind::Refused,
              fmt::format("the source {} cannot tell what is next without claiming it", name()));
}

}  // namespace changeling::work
