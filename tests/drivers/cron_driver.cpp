// Asks CronExpression for tests/e2e/test_cron_oracle.py: lines "EXPRESSION<TAB>ZONE<TAB>TIME" on standard
// input, lines "NEXT<TAB>PREVIOUS" on standard output, "never" where none comes.

#include <iostream>
#include <string>

#include "schedule/cron.hpp"
#include "support/text.hpp"

using namespace changeling;

namespace {

std::string text_of(const std::optional<Timestamp>& time) {
  return time ? format_timestamp(*time) : "never";
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const std::vector<std::string> words = split(line, '\t');
    const auto expression = schedule::CronExpression::parse(words.at(0));
    const Timestamp time = parse_timestamp(words.at(2));
    std::cout << text_of(expression.next(time, words.at(1))) << '\t'
              << text_of(expression.previous(time, words.at(1))) << '\n';
  }
}
