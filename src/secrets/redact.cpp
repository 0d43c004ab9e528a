#include "secrets/redact.hpp"

#include <algorithm>

namespace changeling {
namespace {

constexpr std::string_view replacement = "[redacted]";

std::string with_replacements(std::string_view text, const std::vector<Span>& secrets) {
  std::string clean;
  clean.reserve(text.size());
  std::size_t position = 0;
  for (const Span& secret : secrets) {
    clean += text.substr(position, secret.begin - position);
    clean += replacement;
    position = secret.end;
  }
  clean += text.substr(position);
  return clean;
}

}  // namespace

Redactor::Redactor(const std::vector<std::string>& known_secrets)
    : known_(std::make_shared<KnownSecrets>(known_secrets)) {}

std::string Redactor::operator()(std::string_view text) const {
  SecretSearch search(*known_);
  search.take(text);
  search.end();
  return with_replacements(text, search.found());
}

std::string Redactor::part(std::string_view text) const {
  SecretSearch search(*known_);
  search.take(text);
  search.take_begun_as_found();
  search.end();
  const std::size_t end_of_value = known_->end_of_value_at_start(text, least_telling_part);
  if (end_of_value > 0) search.add({0, end_of_value});
  return with_replacements(text, search.found());
}

RedactedStream::RedactedStream(const Redactor& redactor) : search_(redactor.known()) {}

std::string RedactedStream::show_until(std::size_t limit) {
  limit = std::max(limit, shown_);
  std::string clean;
  std::size_t position = shown_;
  for (const Span& secret : search_.found()) {
    if (secret.begin >= limit) break;
    // Otherwise it is the rest of one that has been left out already.
    if (secret.begin >= position) {
      clean.append(text_, position - shown_, secret.begin - position);
      clean += replacement;
    }
    position = std::max(position, std::min(secret.end, limit));
  }
  clean.append(text_, position - shown_, limit - position);
  text_.erase(0, limit - shown_);
  shown_ = limit;
  search_.forget_until(limit);
  return clean;
}

std::string RedactedStream::take(std::string_view piece) {
  text_ += piece;
  search_.take(piece);
  return show_until(search_.settled());
}

std::string RedactedStream::pause() {
  search_.take_begun_as_found();
  return finish();
}

std::string RedactedStream::finish() {
  search_.end();
  return show_until(search_.position());
}

}  // namespace changeling
