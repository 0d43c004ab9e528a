#include "view/damage.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const project::DamageReport& damage) {
  Json list = Json::array();
  for (const auto& noted : damage.noted()) list.push_back({{"path", noted.path}, {"reason", noted.reason}});
  return list;
}

}  // namespace changeling::view
