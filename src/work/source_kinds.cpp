#include "work/source_kinds.hpp"

namespace changeling::work {

SourceKind parse_source_kind(std::string_view word) {
  if (const SourceRow* row = find_word(source_kinds, word)) return row->kind;
  throw not_allowed(ErrorKind::Usage, "option --source", word, words_of(source_kinds));
}

}  // namespace changeling::work
