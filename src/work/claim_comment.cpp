#include "work/claim_comment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "forge/api.hpp"
#include "forge/markdown.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "work/source_task.hpp"

namespace changeling::work {
namespace {

constexpr std::string_view claim_word = "git-changeling-claim:";
constexpr std::string_view result_word = "git-changeling-result:";
constexpr std::size_t longest_text = 10'000;
constexpr Duration grace = std::chrono::minutes(1);
constexpr Duration longest_lease = std::chrono::hours(24);

/// Names may hold what would end the marker.
std::string encoded_word(const std::string& text) {
  std::string word = forge::encoded(text);
  // Two hyphens end an HTML comment in some readers.
  for (auto at = word.find("--"); at != std::string::npos; at = word.find("--", at))
    word.replace(at, 2, "%2D-");
  return word;
}

int hexadecimal(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

std::string decoded_word(std::string_view word) {
  std::string text;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const bool escaped = word[at] == '%' && at + 2 < word.size() && hexadecimal(word[at + 1]) >= 0 &&
                         hexadecimal(word[at + 2]) >= 0;
    if (escaped) {
      text += static_cast<char>(hexadecimal(word[at + 1]) * 16 + hexadecimal(word[at + 2]));
      at += 2;
    } else {
      text += word[at];
    }
  }
  return without_controls(valid_utf8(text));
}

/// KEY=VALUE words of the last comment of ours with this word in the body; nothing when there is none.
std::optional<std::map<std::string, std::string>> marker_fields(const Json& comment, std::string_view word) {
  const std::string body = json_string(comment, "body").value_or("");
  const auto start = body.rfind(fmt::format("<!-- {} ", word));
  if (start == std::string::npos) return std::nullopt;
  const auto end = body.find("-->", start);
  if (end == std::string::npos) return std::nullopt;
  std::map<std::string, std::string> fields;
  for (const std::string& part : split(body.substr(start, end - start), ' ')) {
    if (const auto equals = part.find('='); equals != std::string::npos) {
      fields[part.substr(0, equals)] = decoded_word(part.substr(equals + 1));
    }
  }
  return fields;
}

Timestamp time_at(const Json& comment, const char* key) {
  const auto time = json_timestamp(comment, key);
  if (!time) throw Error(ErrorKind::External, fmt::format("a comment of the issue has no {}", key));
  return *time;
}

std::string login_of(const Json& comment) {
  const auto user = comment.find("user");
  if (user == comment.end() || !user->is_object()) return "";
  return json_string(*user, "login").value_or("");
}

/// What a result comment says before its marker.
std::string result_text(const TaskResult& result, bool done) {
  std::string text = fmt::format("Run {} ended with {}.", forge::inline_code(result.run),
                                 forge::inline_code(result.outcome));
  const auto shown = shown_results(result);
  if (!shown.empty()) text += fmt::format(" Result: {}", join(shown, ", "));
  text += "\n\n";
  const auto quote = [&](const std::string& words) {
    const std::string clean = valid_utf8(trim(words));
    if (!clean.empty())
      text += fmt::format("{}\n", forge::code_block(forge::first_part(clean, longest_text)));
  };
  if (done) {
    quote(result.summary);
  } else {
    quote(result.success ? join(result.check.unmet, "\n") : result.error);
  }
  // What an agent says must not look like a marker.
  return forge::without_comments(text);
}

}  // namespace

bool ClaimComment::expired_at(Timestamp time) const {
  return renewed_at + lease + grace < time;
}

std::string compose_claim(const std::string& worker, const std::string& nonce, Duration lease,
                          std::string_view renewal) {
  return fmt::format(
      "{} is working on this issue. The claim ends by itself when it is not renewed for {}; deleting this "
      "comment takes it away.\n\n<!-- {} worker={} nonce={} lease={} renewal={} -->\n",
      forge::inline_code(worker), format_duration(lease), claim_word, encoded_word(worker),
      encoded_word(nonce), std::chrono::duration_cast<std::chrono::seconds>(lease).count(),
      encoded_word(std::string(renewal)));
}

std::optional<ClaimComment> read_claim(const Json& comment) {
  const auto fields = marker_fields(comment, claim_word);
  const auto number = json_integer(comment, "id");
  if (!fields || !number || fields->count("worker") == 0 || fields->count("lease") == 0) return std::nullopt;
  ClaimComment claim;
  claim.id = *number;
  claim.author = login_of(comment);
  claim.worker = fields->at("worker");
  if (const auto nonce = fields->find("nonce"); nonce != fields->end()) claim.nonce = nonce->second;
  const std::chrono::seconds lease(std::strtoll(fields->at("lease").substr(0, 9).c_str(), nullptr, 10));
  // Whoever edits the marker must not be able to keep the issue for ever.
  claim.lease = std::clamp<Duration>(lease, Duration::zero(), longest_lease);
  claim.created_at = time_at(comment, "created_at");
  claim.renewed_at = time_at(comment, "updated_at");
  return claim;
}

std::string result_marker(const ResultComment& result) {
  return fmt::format("<!-- {} run={} outcome={} success={} -->\n", result_word, encoded_word(result.run),
                     encoded_word(result.outcome), result.success ? "yes" : "no");
}

std::string compose_result(const TaskResult& result, bool done) {
  return fmt::format("{}\n{}", result_text(result, done), result_marker({result.run, result.outcome, done}));
}

std::optional<ResultComment> read_result(const Json& comment) {
  const auto fields = marker_fields(comment, result_word);
  if (!fields || fields->count("run") == 0) return std::nullopt;
  ResultComment result;
  result.run = fields->at("run");
  if (const auto outcome = fields->find("outcome"); outcome != fields->end())
    result.outcome = outcome->second;
  if (const auto success = fields->find("success"); success != fields->end()) {
    result.success = success->second == "yes";
  }
  return result;
}

bool is_trusted(const Json& comment, const std::vector<std::string>& logins) {
  const std::string author = login_of(comment);
  if (!author.empty() && std::find(logins.begin(), logins.end(), author) != logins.end()) return true;
  const std::string association = json_string(comment, "author_association").value_or("");
  return association == "OWNER" || association == "MEMBER" || association == "COLLABORATOR";
}

}  // namespace changeling::work
