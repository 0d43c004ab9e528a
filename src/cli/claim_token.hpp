#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/context.hpp"
#include "cli/syntax.hpp"
#include "queue/task.hpp"

namespace changeling::queue {
struct Closer;
}

namespace changeling::cli {

/// --token and --as, by which a command shows that it speaks for the holder of a claim.
struct ClaimHolder {
  std::optional<std::int64_t> token;
  std::string worker;  ///< Empty: the name that claims have by default.

  /// The object must live as long as `syntax` is used.
  void declare(Syntax& syntax);
  /// The token that was given, or that of the claim that this worker holds. Throws as queue::held_token.
  std::int64_t token_of(Context& context, const queue::Task& task) const;
  queue::Closer closer(Context& context) const;
};

/// " --token N" where the claim is not in the name that commands have by default, and must be shown to them.
std::string token_words(Context& context, const queue::Task& task);

}  // namespace changeling::cli
