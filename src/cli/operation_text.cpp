#include "cli/operation_text.hpp"

namespace changeling::cli {

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
