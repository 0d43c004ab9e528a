#include "notify/server_address.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"

using namespace changeling;
using namespace changeling::notify;
using changeling::testing::error_of;

TEST_CASE("the parts of an address") {
  const ServerAddress mail =
      parse_server_address("SMTPS://me%40example.org@mail.example.org:465", "smtp, smtps");
  CHECK(mail.scheme == "smtps");
  CHECK(mail.user == "me@example.org");
  CHECK(mail.host == "mail.example.org:465");
  CHECK(mail.url == "smtps://mail.example.org:465");
  CHECK(parse_server_address("https://ntfy.example.org/topic?x=1", "http, https").url ==
        "https://ntfy.example.org/topic?x=1");
  CHECK(parse_server_address("https://h/a@b", "https").user.empty());
}

TEST_CASE("what is no address says what is one, and shows no password") {
  for (const char* text : {"", "mail.example.org", "ftp://x", "smtp://", "smtp://me@", "smtp://a b"})
    CHECK(error_of([&] { parse_server_address(text, "smtp, smtps"); })->kind() == ErrorKind::Invalid);
  const Error secret = *error_of([] { parse_server_address("smtp://me:geheim@host", "smtp, smtps"); });
  CHECK(std::string(secret.what()).find("geheim") == std::string::npos);
  CHECK(secret.hint().find("credential") != std::string::npos);
  const Error wrong = *error_of([] { parse_server_address("ftp://me:geheim@host", "smtp, smtps"); });
  CHECK(std::string(wrong.what()).find("geheim") == std::string::npos);
}

TEST_CASE("this machine") {
  for (const char* here : {"http://127.0.0.1:8080/x", "http://localhost", "http://[::1]:80/"})
    CHECK(is_on_this_machine(parse_server_address(here, "http")));
  for (const char* there : {"http://127.example.org", "http://10.0.0.1", "http://localhost.example.org:1"})
    CHECK_FALSE(is_on_this_machine(parse_server_address(there, "http")));
}
