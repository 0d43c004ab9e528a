#include "secrets/word_tree.hpp"

#include <algorithm>

namespace changeling {

WordTree::WordTree(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (!word.empty()) add(word);
  }
  link();
}

WordTree::State WordTree::child(State state, unsigned char letter) const {
  if (state == start) return first_[letter];
  for (const Edge& edge : nodes_[state].edges) {
    if (edge.letter == letter) return edge.target;
  }
  return start;
}

void WordTree::add(const std::string& word) {
  State state = start;
  for (const char sign : word) {
    const auto letter = static_cast<unsigned char>(sign);
    State next = child(state, letter);
    if (next == start) {
      next = static_cast<State>(nodes_.size());
      nodes_[state].edges.push_back({letter, next});
      if (state == start) first_[letter] = next;
      nodes_.emplace_back();
      nodes_[next].depth = nodes_[state].depth + 1;
    }
    state = next;
  }
  nodes_[state].word = word.size();
  longest_ = std::max(longest_, word.size());
}

void WordTree::link() {
  // By depth: a fallback is always less deep than what falls back.
  std::vector<State> order{start};
  for (std::size_t at = 0; at < order.size(); ++at) {
    const State state = order[at];
    for (const Edge& edge : nodes_[state].edges) {
      Node& target = nodes_[edge.target];
      if (state != start) target.fallback = next(nodes_[state].fallback, edge.letter);
      // Its own word is longer than any that ends with it.
      if (target.word == 0) target.word = nodes_[target.fallback].word;
      order.push_back(edge.target);
    }
  }
}

WordTree::State WordTree::next(State state, unsigned char letter) const {
  for (;;) {
    const State found = child(state, letter);
    if (found != start || state == start) return found;
    state = nodes_[state].fallback;
  }
}

}  // namespace changeling
