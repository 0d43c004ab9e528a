#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "project/own_program.hpp"
#include "project/tidying.hpp"
#include "store/packing.hpp"
#include "support/detach.hpp"

namespace changeling::cli {
namespace {

Answer pack(Context& context) {
  project::read_order();
  report_from_background()("");
  const store::Packing packing(context.repository().common_directory(), context.places().local_folder());
  packing.pack(context.git(), context.store().reference());
  return {};
}

}  // namespace

CommandSpec pack_command() {
  return {project::pack_word, "Put loose objects of the state into a pack",
          "What commands that write start in the background now and then.",
          [](Syntax&) -> Action { return pack; }};
}

}  // namespace changeling::cli
