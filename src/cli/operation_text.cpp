#include "cli/operation_text.hpp"

namespace changeling::cli {

Json operation_to_json(const store::OperationRecord& operation) {
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return {{"id", operation.id.hex()},
          {"kind", operation.kind},
          {"subject", operation.subject},
          {"actor", operation.actor},
          {"time", format_timestamp(operation.time)},
          {"changeling", text_or_null(operation.changeling)},
          {"run", text_or_null(operation.run)},
          {"task", text_or_null(operation.task)},
          {"undoes", text_or_null(operation.undoes)}};
}

std::string operations_table(const std::vector<store::OperationRecord>& operations, const Terminal& terminal,
                             Timestamp now) {
  std::vector<std::vector<TableCell>> rows{
      {{"OPERATION", Style::Dim}, {"WHEN", Style::Dim}, {"WHO", Style::Dim}, {"WHAT", Style::Dim}}};
  for (const store::OperationRecord& operation : operations) {
    rows.push_back({{operation.id.short_hex(), Style::Yellow},
                    {describe_relative(operation.time, now)},
                    {operation.actor.substr(0, operation.actor.find(" <"))},
                    {operation.subject, operation.undoes.empty() ? Style::Plain : Style::Magenta}});
  }
  return format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                      terminal.color);
}

}  // namespace changeling::cli
