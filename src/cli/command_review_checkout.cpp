#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/request_number.hpp"
#include "project/request_checkout.hpp"
#include "project/review.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

Answer check_out(Context& context, const RequestNumber& number) {
  const forge::PullRequest pull = project::current_request(context, number.of(context));
  const project::RequestCheckout done = project::check_out_request(context, pull);
  return {{{"number", pull.number}, {"head", done.commit.hex()}, {"back", done.back}},
          fmt::format("#{} is checked out at {}, on no branch\n", pull.number, done.commit.short_hex()),
          0,
          fmt::format("back to where you were: {}", without_controls(done.back))};
}

}  // namespace

CommandSpec review_checkout_command() {
  return {"review checkout", "Check out what a pull request proposes",
          "As `git switch --detach`: no branch moves, and the changeling may go on with its own meanwhile. "
          "Nothing is changed when uncommitted work would be lost, or commits that are on no branch.",
          [](Syntax& syntax) -> Action {
            auto number = std::make_shared<RequestNumber>();
            number->declare(syntax);
            return [number](Context& context) { return check_out(context, *number); };
          }};
}

}  // namespace changeling::cli
