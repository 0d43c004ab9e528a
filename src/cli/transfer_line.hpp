#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "git/program.hpp"
#include "support/terminal.hpp"

namespace changeling::cli {

/// One line on the terminal about a fetch or a push of the state that takes longer than a moment:
/// "fetching the state from origin … 3s". It is gone when the transfer is over.
class TransferLine {
 public:
  explicit TransferLine(const Terminal& terminal) : terminal_(terminal) {}

  /// See GitProgram::OnTransfer.
  void show(git::GitProgram::Transfer transfer, const std::string& remote,
            std::optional<std::chrono::milliseconds> elapsed);

 private:
  void draw(const std::string& text);

  Terminal terminal_;
  std::chrono::seconds drawn_{0};  ///< Zero: nothing is on the terminal.
};

}  // namespace changeling::cli
