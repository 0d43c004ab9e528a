#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace changeling {

/// Why an operation could not be carried out. The command line maps each kind to an exit code in one place.
enum class ErrorKind {
  Usage,        ///< The words of the command are off.
  Invalid,      ///< A file or value the user wrote is not acceptable.
  NotFound,     ///< A named thing does not exist.
  Conflict,     ///< The thing exists already or changed meanwhile.
  Refused,      ///< A rule of the project forbids it (trust, quota, dirty tree).
  Unavailable,  ///< Network, forge or another program cannot be reached now; trying later may help.
  External,     ///< Another program or server answered with an error.
  Io,           ///< The operating system refused a file operation.
  Git,          ///< The repository could not be read or written.
  Interrupted,  ///< A signal asked to stop.
  Internal,     ///< A defect of this program.
};

/// The stable, lower-case word for a kind as it appears in `--json` errors.
std::string_view to_string(ErrorKind kind);

/// A failure that ends the command. `message` says what is wrong and where; `hint`, possibly empty, says
/// what to type next. Neither ends with a newline.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, std::string hint = "");

  ErrorKind kind() const { return kind_; }
  const std::string& hint() const { return hint_; }

 private:
  ErrorKind kind_;
  std::string hint_;
};

/// Message and hint in one sentence, for records and messages of one line.
std::string with_hint(const Error& error);

}  // namespace changeling
