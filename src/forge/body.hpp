#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "forge/closing_words.hpp"
#include "store/run_record.hpp"
#include "support/clock.hpp"

namespace changeling::forge {

/// What the pull request of a run tells its reviewers. Everything is redacted already.
struct BodyContent {
  std::string summary;  ///< Markdown: what the agent says it did.
  std::vector<store::VerificationResult> verification;
  /// Where the checks ran, a sentence, when it is not where this is written; or empty.
  std::string checked_where = {};
  std::vector<std::string> refused = {};  ///< Tools that the agent was refused.
  std::vector<std::string> moved = {};    ///< What the agent changed of the repository, a sentence each.
  std::string walls = {};                 ///< What held the agent, see store::describe.
  std::string agent;
  std::optional<Duration> duration;
  std::optional<std::int64_t> turns;
  std::optional<store::TokenUsage> tokens;
  std::optional<double> cost_usd;
  std::string changeling;
  std::string run;
  std::string patch_id;  ///< Empty when there is none.
  std::string title;     ///< That the pull request gets with it, so that a change by people is noticed.
  std::string closes;    ///< Number of the issue that merging this closes, or empty.
  ClosingWords closing_words = ClosingWords::OneOwnLine;  ///< In the summary.
};

/// Who made a pull request, as the HTML comment at the end of its body says.
struct Marker {
  std::string changeling;
  std::string run;
  std::string patch_id;    ///< Empty in bodies that have none.
  std::string title = {};  ///< title_mark of the title that was given, and
  std::string text = {};   ///< text_mark of the text of the generated part. Empty in bodies of before.
};

/// Markdown of at most 60,000 bytes (GitHub refuses more than 65,536 characters): summary, what it closes,
/// evidence of the verification, what the run took, and the marker. Long outputs are cut first, then the
/// summary. Comments in the summary that look like a marker are made harmless.
std::string compose_body(const BodyContent& content);

/// The last complete marker; nothing when there is none. Text around it, other line ends and other spaces
/// within it do not matter.
std::optional<Marker> read_marker(std::string_view body);

/// The generated part of `existing` replaced by `generated`. What people wrote above and below it stays, and
/// so does what they made of the text in it: then only the evidence is new. A body without a recognisable
/// generated part is replaced as a whole.
std::string replace_generated_part(std::string_view existing, std::string_view generated);

}  // namespace changeling::forge
