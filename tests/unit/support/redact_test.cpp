#include "support/redact.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace changeling;

namespace {

const std::string github_token = "ghp_" + std::string(36, 'a');
const std::string key_block =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nAAAABG5vbmUAAAA\n-----END OPENSSH PRIVATE "
    "KEY-----";

}  // namespace

TEST_CASE("known values of six characters and more are taken out wherever they stand") {
  const Redactor redact({"hunter22", "short"});
  CHECK(redact("hunter22") == "[redacted]");
  CHECK(redact("xhunter22hunter22y hunter2") == "x[redacted][redacted]y hunter2");
  CHECK(redact("a short word") == "a short word");
  CHECK(redact("").empty());
  CHECK(Redactor()("hunter22") == "hunter22");
}

TEST_CASE("no part of a secret that contains or overlaps another one is left over") {
  CHECK(Redactor({"secret", "my-secret-value"})("my-secret-value") == "[redacted]");
  CHECK(Redactor({"aaabbb", "bbbccc"})("x aaabbbccc y") == "x [redacted] y");
  CHECK(Redactor({"abcdef", "cdefghij", "ijklmn"})("abcdefghijklmn.") == "[redacted].");
  // A token that begins inside a known value.
  CHECK(Redactor({"key=ghp_"})("key=" + github_token + ";") == "[redacted];");
}

TEST_CASE("white space around a known value does not hide it") {
  CHECK(Redactor({" hunter22\n"})("password: hunter22!") == "password: [redacted]!");
}

TEST_CASE("each line of a known value is a secret, because output comes line by line") {
  const Redactor redact({"first-part\nsecond-part\n\nx"});
  CHECK(redact("first-part") == "[redacted]");
  CHECK(redact("> second-part\n") == "> [redacted]\n");
  CHECK(redact("x") == "x");
  CHECK(redact("first-part\nsecond-part\n\nx") == "[redacted]");
}

TEST_CASE("a known value is found inside a JSON string") {
  const Redactor redact({"pass\"word\\1", "line one\nline two"});
  CHECK(redact(R"({"text":"it is pass\"word\\1."})") == R"({"text":"it is [redacted]."})");
  CHECK(redact(R"({"text":"line one\nline two"})") == R"({"text":"[redacted]"})");
}

TEST_CASE("strings in the shape of tokens are taken out, words that only resemble them are not") {
  const Redactor redact;
  CHECK(redact("token=" + github_token + ".") == "token=[redacted].");
  for (const std::string& token : {"gho_" + std::string(36, 'b'), "github_pat_" + std::string(60, 'c'),
                                   "sk-ant-api03-" + std::string(30, 'd'), "sk-" + std::string(40, 'e'),
                                   std::string("AKIAIOSFODNN7EXAMPLE"), "xoxb-" + std::string(20, '1'),
                                   "glpat-" + std::string(20, 'f'), "AIza" + std::string(35, 'g')}) {
    CAPTURE(token);
    CHECK(redact("<" + token + ">") == "<[redacted]>");
  }
  for (const std::string& text :
       std::vector<std::string>{"ghp_short", "risk-" + std::string(40, 'x'), "sk-learn", "a AKIA b"}) {
    CHECK(redact(text) == text);
  }
}

TEST_CASE("credentials in a URL go, the rest of it stays") {
  const Redactor redact;
  CHECK(redact("https://user:pass@example.com/x") == "https://[redacted]@example.com/x");
  CHECK(redact("https://user:p@ss@example.com/x") == "https://[redacted]@example.com/x");
  CHECK(redact("https://example.com/user@name") == "https://example.com/user@name");
  CHECK(redact("https://example.com?mail=a@b") == "https://example.com?mail=a@b");
  CHECK(redact("see https://example.com, or a@b.org") == "see https://example.com, or a@b.org");
  CHECK(redact("url \"http://u:p@h\"") == "url \"http://[redacted]@h\"");
}

TEST_CASE("private keys go as a whole, also without an end and inside JSON") {
  const Redactor redact;
  CHECK(redact("a\n" + key_block + "\nb\n") == "a\n[redacted]\nb\n");
  CHECK(redact(key_block.substr(0, 60)) == "[redacted]");
  CHECK(redact(R"({"key":"-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----","more":1})") ==
        R"({"key":"[redacted]","more":1})");
  // Another block in between does not end it.
  CHECK(redact("-----BEGIN PRIVATE KEY-----\n-----END X-----\nabc\n-----END PRIVATE KEY-----.") ==
        "[redacted].");
  const std::string certificate = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n";
  CHECK(redact(certificate) == certificate);
}

TEST_CASE("text that comes in pieces shows as little of a secret as text that comes at once") {
  std::mt19937 random(3);
  const Redactor redact({"hunter22", "my-long-secret-value", "line one\nline two"});
  const std::vector<std::string> parts{"hunter22",
                                       "my-long-secret-value",
                                       "line one\nline two",
                                       github_token,
                                       key_block,
                                       "https://user:pass@host/path",
                                       "plain text",
                                       " ",
                                       "\n",
                                       "x",
                                       "word\n",
                                       std::string(300, '-')};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int count = 0; count < 8; ++count) text += "=" + parts[random() % parts.size()];
    std::string shown;
    std::string rest;
    for (std::size_t position = 0; position < text.size();) {
      const std::size_t length = 1 + random() % 90;
      rest += text.substr(position, length);
      position += length;
      const std::size_t settled = redact.settled_length(rest);
      REQUIRE(settled <= rest.size());
      shown += redact(std::string_view(rest).substr(0, settled));
      rest.erase(0, settled);
    }
    shown += redact(rest);
    CAPTURE(text);
    CAPTURE(shown);
    for (const char* secret : {"hunter22", "my-long-secret-value", "line one", "line two", "ghp_", "b3Blbn",
                               "AAAABG", "user:pass"}) {
      CHECK(shown.find(secret) == std::string::npos);
    }
  }
}

TEST_CASE("text without a secret's beginning is settled up to a short rest") {
  const Redactor redact({"hunter22"});
  CHECK(redact.settled_length("") == 0);
  CHECK(redact.settled_length("whole line\n") == 11);
  CHECK(redact.settled_length(std::string(10'000, ' ')) > 9'000);
  CHECK(redact.settled_length("line\n-----BEGIN PRIVATE KEY-----\nabc\n") == 5);
}
