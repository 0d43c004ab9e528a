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

}  // namespace changeling::view
