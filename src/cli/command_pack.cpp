#include "cli/declarations.hpp"
#include "cli/detach.hpp"
#include "cli/own_program.hpp"
#include "cli/tidying.hpp"
#include "store/packing.hpp"

namespace changeling::cli {
namespace {

Answer pack(Context& context) {
  read_order();
  report_from_background()("");
  const store::Packing packing(context.repository().common_directory(), context.places().local_folder());
  packing.pack(context.git(), context.store().reference());
  return {};
}

}  // namespace

CommandSpec pack_command() {
  return {pack_word, "Put loose objects of the state into a pack",
          "What commands that write start in the background now and then.",
          [](Syntax&) -> Action { return pack; }};
}

}  // namespace changeling::cli
