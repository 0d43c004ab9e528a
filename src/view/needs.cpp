#include "view/needs.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const report::Need& need) {
  return {{"kind", to_string(need.kind)},
          {"subject", need.subject},
          {"changeling", need.changeling.empty() ? Json(nullptr) : Json(need.changeling)},
          {"text", need.text},
          {"since", json_or_null(need.since)},
          {"settle", need.settle}};
}

}  // namespace changeling::view
