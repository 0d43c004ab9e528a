#include "http/loopback.hpp"

#include <doctest/doctest.h>

using changeling::http::is_loopback;

TEST_CASE("this machine is an address, not a name that begins like one") {
  for (const char* host : {"127.0.0.1", "127.255.1.2", "localhost", "LOCALHOST", "::1", "[::1]"}) {
    CAPTURE(host);
    CHECK(is_loopback(host));
  }
  for (const char* host :
       {"127.evil.example", "127.0.0.1.evil.example", "127.1", "128.0.0.1", "0127.0.0.1", "",
        "evil.localhost", "localhost.evil.example", "[::2]", "[]", "[", "::ffff:10.0.0.1"}) {
    CAPTURE(host);
    CHECK_FALSE(is_loopback(host));
  }
}
