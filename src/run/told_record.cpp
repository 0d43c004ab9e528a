#include "run/told_record.hpp"

#include <algorithm>

#include "run/targets.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr std::size_t longest_line = 500;
constexpr std::size_t longest_output = 4'000;
constexpr std::size_t longest_list = 21;

std::string line(const std::string& text, const Redactor& redactor) {
  return first_letters(without_controls(valid_utf8(redactor(text))), longest_line);
}

std::vector<std::string> lines(const std::vector<std::string>& texts, const Redactor& redactor) {
  std::vector<std::string> shown;
  for (std::size_t at = 0; at < std::min(texts.size(), longest_list); ++at)
    shown.push_back(line(texts[at], redactor));
  return shown;
}

store::VerificationResult check(const std::string& command,
                                const std::vector<store::VerificationResult>& told,
                                const Redactor& redactor) {
  const auto found =
      std::find_if(told.begin(), told.end(), [&](const auto& result) { return result.command == command; });
  if (found == told.end()) return {command, 1, {}, false, "nothing was told of it"};
  store::VerificationResult result = *found;
  result.output = valid_utf8(redactor.part(last_part(result.output, longest_output)));
  return result;
}

std::vector<store::MovedReference> moved(const std::vector<store::MovedReference>& told,
                                         const Redactor& redactor) {
  std::vector<store::MovedReference> shown;
  for (std::size_t at = 0; at < std::min(told.size(), longest_list); ++at) {
    const store::MovedReference& one = told[at];
    shown.push_back(
        {line(one.name, redactor), line(one.before, redactor), line(one.after, redactor), one.put_back});
  }
  return shown;
}

}  // namespace

void take_told_facts(store::RunRecord& own, const store::RunRecord& told, const Definition& definition,
                     const Redactor& redactor) {
  own.exit_code = told.exit_code;
  own.session_id = line(told.session_id, redactor);
  own.turns = told.turns;
  own.tokens = told.tokens;
  own.cost_usd = told.cost_usd;
  own.refused = lines(told.refused, redactor);
  own.moved_refs = moved(told.moved_refs, redactor);
  own.walls = {line(told.walls.sandbox, redactor), line(told.walls.network, redactor),
               lines(told.walls.refused, redactor)};
  own.summary = line(told.summary, redactor);
  own.target = target_name(redactor(told.target));
  own.error = line(told.error, redactor);
  own.outage = told.outage;
  own.verification.clear();
  if (told.verification.empty() && told.outcome && !is_success(*told.outcome)) return;
  for (const std::string& command : definition.verify)
    own.verification.push_back(check(command, told.verification, redactor));
}

}  // namespace changeling::run
