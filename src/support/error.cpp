#include "support/error.hpp"

namespace changeling {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Usage:
      return "usage";
    case ErrorKind::Invalid:
      return "invalid";
    case ErrorKind::NotFound:
      return "not_found";
    case ErrorKind::Conflict:
      return "conflict";
    case ErrorKind::Refused:
      return "refused";
    case ErrorKind::Unavailable:
      return "unavailable";
    case ErrorKind::External:
      return "external";
    case ErrorKind::Io:
      return "io";
    case ErrorKind::Git:
      return "git";
    case ErrorKind::Interrupted:
      return "interrupted";
    case ErrorKind::Internal:
      return "internal";
  }
  return "internal";
}

Error::Error(ErrorKind kind, const std::string& message, std::string hint)
    : std::runtime_error(message), kind_(kind), hint_(std::move(hint)) {}

std::string with_hint(const Error& error) {
  return error.hint().empty() ? error.what() : std::string(error.what()) + " (" + error.hint() + ")";
}

}  // namespace changeling
