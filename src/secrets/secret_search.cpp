#include "secrets/secret_search.hpp"

#include <algorithm>

namespace changeling {
namespace {

/// Length of the longest end of `word`, shorter than it, with which `text` begins. Linear (Knuth, Morris and
/// Pratt).
std::size_t longest_end_at_start(std::string_view word, std::string_view text) {
  text = text.substr(0, word.size() - 1);
  std::vector<std::size_t> border(text.size() + 1, 0);
  const auto extend = [&](std::size_t length, char sign) {
    while (length > 0 && (length == text.size() || text[length] != sign)) length = border[length];
    return !text.empty() && length < text.size() && text[length] == sign ? length + 1 : length;
  };
  for (std::size_t at = 1; at < text.size(); ++at) border[at + 1] = extend(border[at], text[at]);
  std::size_t length = 0;
  for (const char sign : word.substr(1)) length = extend(length, sign);
  return length;
}

}  // namespace

KnownSecrets::KnownSecrets(const std::vector<std::string>& values)
    : forms_(forms_of(values)),
      plain_(std::make_shared<WordTree>(forms_.plain)),
      base64_(std::make_shared<WordTree>(forms_.base64)),
      hex_(std::make_shared<WordTree>(forms_.hex)) {}

std::vector<WordFinder> KnownSecrets::finders() const {
  std::vector<WordFinder> finders;
  if (forms_.plain.empty()) return finders;
  for (const Writing writing : {Writing::Plain, Writing::Percent, Writing::Backslash})
    finders.emplace_back(plain_, writing);
  finders.emplace_back(base64_, Writing::Base64);
  finders.emplace_back(hex_, Writing::Hex);
  return finders;
}

std::size_t KnownSecrets::end_of_value_at_start(std::string_view text, std::size_t least) const {
  std::size_t longest = 0;
  for (const auto* words : {&forms_.plain, &forms_.base64, &forms_.hex}) {
    for (const std::string& word : *words) longest = std::max(longest, longest_end_at_start(word, text));
  }
  return longest < least ? 0 : longest;
}

SecretSearch::SecretSearch(const KnownSecrets& known) : words_(known.finders()) {}

void SecretSearch::add(Span found) {
  auto at = found_.end();
  while (at != found_.begin() && std::prev(at)->end > found.begin) --at;
  // From here on they overlap, until one begins behind it.
  auto end = at;
  for (; end != found_.end() && end->begin < found.end; ++end) {
    found.begin = std::min(found.begin, end->begin);
    found.end = std::max(found.end, end->end);
  }
  if (at == end) {
    found_.insert(at, found);
  } else {
    *at = found;
    found_.erase(at + 1, end);
  }
}

void SecretSearch::take(char sign) {
  for (WordFinder& words : words_) {
    if (const auto found = words.take(sign, position_)) add(*found);
  }
  if (const auto found = token_.take(sign, position_)) add(*found);
  if (const auto found = url_.take(sign, position_)) add(*found);
  if (const auto found = key_.take(sign, position_)) add(*found);
  ++position_;
}

void SecretSearch::take(std::string_view piece) {
  for (const char sign : piece) take(sign);
}

void SecretSearch::end() {
  if (const auto found = url_.found_so_far()) add(*found);
}

void SecretSearch::take_begun_as_found() {
  for (const WordFinder& words : words_) {
    const std::size_t begin = words.begun(least_telling_part);
    if (begin != no_place) add({begin, position_});
  }
}

std::size_t SecretSearch::settled() const {
  std::size_t settled = std::min({position_, token_.held_from(), url_.held_from(), key_.held_from()});
  for (const WordFinder& words : words_) settled = std::min(settled, words.held_from());
  return settled;
}

void SecretSearch::forget_until(std::size_t position) {
  const auto kept = std::find_if(found_.begin(), found_.end(),
                                 [position](const Span& span) { return span.end > position; });
  found_.erase(found_.begin(), kept);
}

}  // namespace changeling
