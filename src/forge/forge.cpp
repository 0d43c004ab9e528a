#include "forge/forge.hpp"

#include "support/error.hpp"

namespace changeling::forge {

CheckState Forge::check(const std::string& /*name*/, const std::string& /*revision*/) {
  throw Error(ErrorKind::Refused, "this forge has no checks of continuous integration",
              "take such a gate away: git changeling task edit ID --gate ''");
}

}  // namespace changeling::forge
