#include "secrets/word_finder.hpp"

#include <bit>

namespace changeling {

WordFinder::WordFinder(std::shared_ptr<const WordTree> words, Writing writing)
    : words_(std::move(words)),
      reader_(writing),
      mask_(std::bit_ceil(words_->longest() + 1) - 1),
      begins_(mask_ + 1) {}

std::optional<Span> WordFinder::take(char sign, std::size_t position) {
  const LetterReader::Step step = reader_.take(sign, position);
  if (step.broken) state_ = WordTree::start;
  std::optional<Span> found;
  for (std::size_t index = 0; index < step.count; ++index) {
    state_ = words_->next(state_, step.letters[index].value);
    begins_[count_++ & mask_] = step.letters[index].begin;
    // Of several that end in one step the first begins earliest.
    if (const std::size_t length = words_->word(state_); length > 0) {
      const std::size_t begin = begin_of_last(length);
      found = {found ? std::min(found->begin, begin) : begin, position + 1};
    }
  }
  return found;
}

}  // namespace changeling
