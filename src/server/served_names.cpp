#include "server/served_names.hpp"

#include <map>
#include <string>

#include "support/sha256.hpp"

namespace changeling::server {

void tell_apart(std::vector<Served>& repositories) {
  constexpr std::size_t digits = 6;
  std::map<std::string, int> bearers;
  for (const Served& one : repositories) ++bearers[one.name];
  for (Served& one : repositories) {
    if (bearers[one.name] > 1) one.name += "-" + sha256_hex(one.folder).substr(0, digits);
  }
}

}  // namespace changeling::server
