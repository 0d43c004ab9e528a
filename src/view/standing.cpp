#include "view/standing.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const project::Standing& standing) {
  const std::string difference_text = project::difference(standing);
  return {{"name", standing.subject.name},
          {"kind", to_string(standing.subject.kind)},
          {"label", standing.subject.label()},
          {"trusted", standing.trusted()},
          {"state", to_string(standing.state)},
          {"digest", standing.digest},
          {"portable_digest", portable_digest(standing.subject)},
          {"approved_at",
           standing.approval ? Json(format_timestamp(standing.approval->approved_at)) : Json(nullptr)},
          {"text", standing.subject.text},
          {"difference", difference_text.empty() ? Json(nullptr) : Json(difference_text)}};
}

}  // namespace changeling::view
