#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "secrets/forms.hpp"
#include "secrets/private_key.hpp"
#include "secrets/span.hpp"
#include "secrets/token_shapes.hpp"
#include "secrets/url_credentials.hpp"
#include "secrets/word_finder.hpp"

namespace changeling {

/// The values to look for, prepared once for any number of texts.
class KnownSecrets {
 public:
  explicit KnownSecrets(const std::vector<std::string>& values);

  std::vector<WordFinder> finders() const;
  /// How much of the beginning of `text` is the end of a value, of at least `least` signs; 0 when none is.
  std::size_t end_of_value_at_start(std::string_view text, std::size_t least) const;

 private:
  SecretForms forms_;
  std::shared_ptr<const WordTree> plain_;
  std::shared_ptr<const WordTree> base64_;
  std::shared_ptr<const WordTree> hex_;
};

/// Searches a text that comes in pieces for everything that is a secret. Positions count from the beginning
/// of the first piece. One pass, linear in the text.
class SecretSearch {
 public:
  explicit SecretSearch(const KnownSecrets& known);

  void take(std::string_view piece);
  /// From now on what the last signs have begun counts as found, when it is enough of a value to tell
  /// something; should the value go on, its rest is found as well.
  void take_begun_as_found();
  /// The text ends here.
  void end();
  void add(Span found);

  /// What comes before does not change any more.
  std::size_t settled() const;
  std::size_t position() const { return position_; }
  /// In order, without overlaps; those that touch are apart.
  const std::vector<Span>& found() const { return found_; }
  /// Forgets what ends at `position` or before.
  void forget_until(std::size_t position);

 private:
  void take(char sign);

  std::vector<WordFinder> words_;
  TokenFinder token_;
  UrlFinder url_;
  PrivateKeyFinder key_;
  std::size_t position_ = 0;
  std::vector<Span> found_;
};

/// Of a value that is cut off, less than this tells nothing.
inline constexpr std::size_t least_telling_part = 6;

}  // namespace changeling
