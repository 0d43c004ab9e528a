#include <array>
#include <set>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/definitions.hpp"
#include "store/known_names.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"

namespace changeling::cli {
namespace {

using Names = std::vector<std::string>;

constexpr std::size_t most_offered = 30;

/// What completions ask for; each costs as little as names can.
struct CompletedKind {
  std::string_view word;
  std::string_view sentence;
  Names (*names)(Context& context);
};

Names changelings(Context& context) {
  const Names known = store::changeling_names(context.snapshot());
  std::set<std::string> names(known.begin(), known.end());
  for (const std::string& name : project::names_in_definitions_file(context)) names.insert(name);
  return {names.begin(), names.end()};
}

Names runs(Context& context) {
  return store::newest_run_ids(context.snapshot(), most_offered);
}

Names pulls(Context& context) {
  Names numbers;
  if (context.forge().needs_pushed_branch()) {
    for (const forge::PullRequest& pull : context.forge().open_pull_requests())
      numbers.push_back(std::to_string(pull.number));
    return numbers;
  }
  for (const std::int64_t number : store::newest_open_requests(context.snapshot(), most_offered))
    numbers.push_back(std::to_string(number));
  return numbers;
}

constexpr std::array kinds{
    CompletedKind{"changelings", "Names of changelings", changelings},
    CompletedKind{"pulls", "Numbers of the newest open pull requests", pulls},
    CompletedKind{"runs", "Ids of the newest runs", runs},
};

Answer complete(Context& context, const std::string& word) {
  const CompletedKind* const kind = find_word(kinds, word);
  if (kind == nullptr) throw not_allowed(ErrorKind::Usage, "kind", word, words_of(kinds));
  Answer answer;
  answer.json = {{"names", Json::array()}};
  if (!context.store().exists()) return answer;
  for (const std::string& name : kind->names(context)) {
    answer.json["names"].push_back(name);
    answer.text += without_controls(name) + "\n";
  }
  return answer;
}

}  // namespace

CommandSpec complete_command() {
  return {"__complete", "Names for the completions of shells",
          "One a line. They come from trees and commits; the index stays closed.",
          [](Syntax& syntax) -> Action {
            auto kind = std::make_shared<std::string>();
            syntax.value("kind", *kind, "What is completed").value_name("KIND").required();
            return [kind](Context& context) { return complete(context, *kind); };
          },
          Needs::Nothing};
}

}  // namespace changeling::cli
