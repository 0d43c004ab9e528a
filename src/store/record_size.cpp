#include "store/record_size.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/reading_limits.hpp"

namespace changeling::store {

void check_record_size(std::string_view text) {
  if (text.size() > most_record_bytes)
    throw Error(ErrorKind::Invalid, fmt::format("it is larger than {} bytes", most_record_bytes));
}

std::size_t size_limit(std::string_view path) {
  return path.starts_with("archive/") || path.starts_with("archive-runs/") ? most_object_bytes
                                                                           : most_record_bytes;
}

}  // namespace changeling::store
