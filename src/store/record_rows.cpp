#include "store/record_rows.hpp"

#include "store/record_size.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::store {

std::string changed_text(const Snapshot& snapshot, const git::BlobChange& change) {
  std::string text = change.after ? snapshot.repository().read_blob(*change.after)
                                  : read_record(snapshot, change.path).value_or("");
  check_record_size(text);
  if (trim(text).empty()) throw Error(ErrorKind::Invalid, "it is empty");
  return text;
}

}  // namespace changeling::store
