#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace changeling {

/// Finds many words in a text at once, in time that is linear in the text whatever the words are (Aho and
/// Corasick, "Efficient string matching", 1975). The words are fixed; who reads a text keeps a state.
class WordTree {
 public:
  using State = std::uint32_t;
  static constexpr State start = 0;

  /// Empty words are left out.
  explicit WordTree(const std::vector<std::string>& words);

  State next(State state, unsigned char letter) const;
  /// How many of the last letters are the beginning of a word: no word that is still to be found begins
  /// earlier.
  std::size_t depth(State state) const { return nodes_[state].depth; }
  /// Length of the longest word that ends here, or 0.
  std::size_t word(State state) const { return nodes_[state].word; }
  std::size_t longest() const { return longest_; }

 private:
  struct Edge {
    unsigned char letter;
    State target;
  };
  struct Node {
    std::vector<Edge> edges;
    State fallback = start;
    std::size_t depth = 0;
    std::size_t word = 0;
  };
  State child(State state, unsigned char letter) const;
  void add(const std::string& word);
  void link();

  std::vector<Node> nodes_{1};
  std::array<State, 256> first_{};  ///< The edges of the start, where nearly every letter is looked up.
  std::size_t longest_ = 0;
};

}  // namespace changeling
