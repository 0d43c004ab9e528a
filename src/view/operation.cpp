#include "view/operation.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const store::OperationRecord& operation) {
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return {{"id", operation.id.hex()},
          {"kind", operation.kind},
          {"subject", operation.subject},
          {"actor", operation.actor},
          {"time", format_timestamp(operation.time)},
          {"changeling", text_or_null(operation.changeling)},
          {"run", text_or_null(operation.run)},
          {"task", text_or_null(operation.task)},
          {"undoes", text_or_null(operation.undoes)},
          {"session", text_or_null(operation.session)}};
}

}  // namespace changeling::view
