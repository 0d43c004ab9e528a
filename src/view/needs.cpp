#include "view/needs.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const report::Need& need) {
  Json question = nullptr;
  if (const auto& asked = need.question)
    question = {{"number", asked->number}, {"text", asked->text}, {"choices", asked->choices}};
  return {{"kind", to_string(need.kind)},
          {"subject", need.subject},
          {"changeling", need.changeling.empty() ? Json(nullptr) : Json(need.changeling)},
          {"text", need.text},
          {"since", json_or_null(need.since)},
          {"settle", need.settle},
          {"question", std::move(question)}};
}

Json to_json(const report::Waiting& waiting) {
  Json needs = Json::array();
  for (const report::Need& need : waiting.needs) needs.push_back(to_json(need));
  Json totals = Json::object();
  for (const auto& [kind, count] : waiting.totals) totals[std::string(to_string(kind))] = count;
  return {{"needs", std::move(needs)}, {"totals", std::move(totals)}};
}

}  // namespace changeling::view
