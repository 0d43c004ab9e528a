#include "view/halt.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const std::optional<project::Halt>& halt) {
  return halt ? Json{{"reason", halt->reason}, {"undo", halt->undo}} : Json(nullptr);
}

}  // namespace changeling::view
