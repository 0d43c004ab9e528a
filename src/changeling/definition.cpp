#include "changeling/definition.hpp"

namespace changeling {

std::string_view to_string(OutputKind kind) {
  switch (kind) {
    case OutputKind::PullRequest:
      return "pull-request";
    case OutputKind::Issue:
      return "issue";
    case OutputKind::Report:
      return "report";
  }
  return "pull-request";
}

std::string_view to_string(OverlapPolicy policy) {
  switch (policy) {
    case OverlapPolicy::Skip:
      return "skip";
    case OverlapPolicy::Queue:
      return "queue";
    case OverlapPolicy::Replace:
      return "replace";
  }
  return "skip";
}

std::string_view to_string(CatchUpPolicy policy) {
  switch (policy) {
    case CatchUpPolicy::None:
      return "none";
    case CatchUpPolicy::Last:
      return "last";
    case CatchUpPolicy::All:
      return "all";
  }
  return "last";
}

std::string_view to_string(SandboxPolicy policy) {
  switch (policy) {
    case SandboxPolicy::Off:
      return "off";
    case SandboxPolicy::Auto:
      return "auto";
    case SandboxPolicy::Required:
      return "required";
  }
  return "off";
}

std::string_view to_string(RefusalPolicy policy) {
  switch (policy) {
    case RefusalPolicy::Note:
      return "note";
    case RefusalPolicy::Fail:
      return "fail";
  }
  return "note";
}

}  // namespace changeling
