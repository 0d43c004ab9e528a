#include "view/sync.hpp"

#include "support/json.hpp"
#include "view/outbox.hpp"

namespace changeling::view {

Json to_json(const work::SyncReport& report) {
  return {{"remote", report.remote},
          {"received", report.state.received},
          {"sent", report.state.sent},
          {"warnings", report.state.warnings},
          {"outbox", to_json(report.outbox)}};
}

}  // namespace changeling::view
