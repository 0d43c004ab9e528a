#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "secrets/letter_reader.hpp"
#include "secrets/span.hpp"
#include "secrets/word_tree.hpp"

namespace changeling {

/// Finds the words of a tree in a text that may be written in another way.
class WordFinder {
 public:
  WordFinder(std::shared_ptr<const WordTree> words, Writing writing);

  std::optional<Span> take(char sign, std::size_t position);
  std::size_t held_from() const { return std::min(begin_of_word(), reader_.pending()); }
  /// Where the beginning of a word stands that the last signs are, when it has `least` letters; or
  /// `no_place`.
  std::size_t begun(std::size_t least) const { return depth() < least ? no_place : begin_of_word(); }

 private:
  std::size_t depth() const { return words_->depth(state_); }
  std::size_t begin_of_last(std::size_t letters) const { return begins_[(count_ - letters) & mask_]; }
  std::size_t begin_of_word() const { return depth() == 0 ? no_place : begin_of_last(depth()); }

  std::shared_ptr<const WordTree> words_;
  LetterReader reader_;
  WordTree::State state_ = WordTree::start;
  std::size_t count_ = 0;  ///< Of letters.
  std::size_t mask_ = 0;
  std::vector<std::size_t> begins_;  ///< A ring: where the last letters begin, as many as a word can have.
};

}  // namespace changeling
