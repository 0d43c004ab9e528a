#include "sandbox/network_list.hpp"

#include <doctest/doctest.h>

using namespace changeling::sandbox;

namespace {

const std::vector<std::string> list{"api.example.com", "*.example.org", "mail.example.com:587", "10.0.0.7"};

bool lets_through(const char* authority, int default_port = 443) {
  return is_listed(parse_target(authority, default_port), list);
}

}  // namespace

TEST_CASE("a name is let through when it is the one that stands there, in any case") {
  CHECK(lets_through("api.example.com"));
  CHECK(lets_through("API.Example.COM."));
  CHECK_FALSE(lets_through("example.com"));
  CHECK_FALSE(lets_through("xapi.example.com"));
  CHECK_FALSE(lets_through("api.example.com.evil.test"));
}

TEST_CASE("a star stands for what is below, and not for the name itself") {
  CHECK(lets_through("registry.example.org"));
  CHECK(lets_through("a.b.example.org"));
  CHECK_FALSE(lets_through("example.org"));
  CHECK_FALSE(lets_through("evilexample.org"));
}

TEST_CASE("without a port those of HTTP are meant") {
  CHECK(lets_through("api.example.com:80"));
  CHECK_FALSE(lets_through("api.example.com:22"));
  CHECK(lets_through("mail.example.com:587"));
  CHECK_FALSE(lets_through("mail.example.com:443"));
  CHECK_FALSE(lets_through("api.example.com:99999"));
  CHECK_FALSE(lets_through("api.example.com:"));
}

TEST_CASE("an address is let through only as it stands there") {
  CHECK(lets_through("10.0.0.7"));
  CHECK_FALSE(lets_through("10.0.0.8"));
  CHECK_FALSE(lets_through("93.184.216.34"));
  CHECK_FALSE(lets_through("[::1]:443"));
  CHECK_FALSE(lets_through("[::1"));
  CHECK_FALSE(lets_through(""));
}

TEST_CASE("addresses that are not everybody's") {
  for (const char* address : {"127.0.0.1",
                              "127.8.8.8",
                              "10.1.2.3",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.1.1",
                              "169.254.169.254",
                              "100.64.0.1",
                              "0.0.0.0",
                              "224.0.0.1",
                              "255.255.255.255",
                              "::1",
                              "::",
                              "fe80::1",
                              "fc00::1",
                              "fd12::1",
                              "ff02::1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "64:ff9b::a00:1",
                              "2002:7f00:1::",
                              "nonsense",
                              ""}) {
    CAPTURE(address);
    CHECK(is_private_address(address));
  }
  for (const char* address :
       {"93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"}) {
    CAPTURE(address);
    CHECK_FALSE(is_private_address(address));
  }
}

TEST_CASE("a listed name leads to a private address only when that is listed, too") {
  const Target name = parse_target("api.example.com", 443);
  CHECK(may_lead_to(name, "93.184.216.34", list));
  CHECK(may_lead_to(name, "10.0.0.7", list));
  CHECK_FALSE(may_lead_to(name, "10.0.0.8", list));
  CHECK_FALSE(may_lead_to(name, "127.0.0.1", list));
  CHECK(may_lead_to(parse_target("localhost:8080", 0), "127.0.0.1", {"localhost:8080"}));
  CHECK_FALSE(may_lead_to(parse_target("localhost:8080", 0), "10.0.0.8", {"localhost:8080"}));
}
