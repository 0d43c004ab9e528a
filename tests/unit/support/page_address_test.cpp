#include "support/page_address.hpp"

#include <doctest/doctest.h>

#include <string>

using changeling::is_page_address;

TEST_CASE("an address of a page ends at none of its characters") {
  CHECK(is_page_address("https://example.org/pull/1?x=y&z#/run/1"));
  CHECK(is_page_address("http://127.0.0.1:8080/"));
  for (const char* text :
       {"", "javascript:alert(1)", "/etc/passwd", "file:///x", "https://a b", "https://a>b", "https://a<b",
        "https://a|b", "https://a\nb", "https://a\rb", "https://a\tb", "https://a\"b", "https://a`b",
        "https://a\\b", "https://a\x7f", "https://\xc3\xa4"}) {
    CAPTURE(text);
    CHECK_FALSE(is_page_address(text));
  }
  CHECK_FALSE(is_page_address("https://" + std::string(2000, 'a')));
}
