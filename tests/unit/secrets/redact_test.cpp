#include "secrets/redact.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <random>

using namespace changeling;

namespace {

const std::string github_token = "ghp_" + std::string(36, 'a');
const std::string key_block =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nAAAABG5vbmUAAAA\n-----END OPENSSH PRIVATE "
    "KEY-----";

std::string in_pieces(const Redactor& redact, std::string_view text, std::mt19937& random) {
  RedactedStream stream(redact);
  std::string shown;
  while (!text.empty()) {
    const std::size_t length = std::min<std::size_t>(1 + random() % 90, text.size());
    shown += stream.take(text.substr(0, length));
    text.remove_prefix(length);
  }
  return shown + stream.finish();
}

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
    const std::string shown = in_pieces(redact, text, random);
    CHECK(shown == redact(text));
    CAPTURE(text);
    CAPTURE(shown);
    for (const char* secret : {"hunter22", "my-long-secret-value", "line one", "line two", "ghp_", "b3Blbn",
                               "AAAABG", "user:pass"}) {
      CHECK(shown.find(secret) == std::string::npos);
    }
  }
}

TEST_CASE("text without a secret's beginning is shown at once") {
  RedactedStream stream(Redactor({"hunter22"}));
  CHECK(stream.take("no line end") == "no line end");
  CHECK(stream.take("line\n-----BEGIN PRIVATE KEY-----\nabc\n") == "line\n[redacted]");
  CHECK(stream.take("-----END PRIVATE KEY-----\nhun") == "\n");
  CHECK(stream.take("t") == "");
  CHECK(stream.take(".") == "hunt.");
}

TEST_CASE("what is shown before its end is known loses no more than it must") {
  RedactedStream stream(Redactor({"hunter22"}));
  CHECK(stream.take("hunter") == "");
  CHECK(stream.pause() == "[redacted]");
  CHECK(stream.take("22!") == "!");
  CHECK(stream.take("hun") == "");
  CHECK(stream.pause() == "hun");
  CHECK(stream.take("t it") == "t it");
  CHECK(stream.take("https://a@") == "https://");
  CHECK(stream.pause() == "[redacted]@");
  CHECK(stream.take("b@c/") == "@c/");
}

TEST_CASE("known values are found however they are written") {
  const std::string value = "p/ss+w0rd=hunter2-abcdef";
  const Redactor redact({value});
  for (const std::string before : {"", "x", "xy", "user:", "xyzzy"}) {
    const std::string encoded = base64(before + value + "tail");
    std::string for_urls = encoded;
    std::replace(for_urls.begin(), for_urls.end(), '+', '-');
    std::replace(for_urls.begin(), for_urls.end(), '/', '_');
    for (const std::string& text : {encoded, for_urls}) {
      CAPTURE(text);
      const std::string shown = redact("Authorization: Basic " + text + "\n");
      CHECK(shown.find("[redacted]") != std::string::npos);
      CHECK(shown.find(text.substr(12, 6)) == std::string::npos);
      CHECK(redact(text.substr(0, 14) + "\n  " + text.substr(14)).find(text.substr(16, 6)) ==
            std::string::npos);
      CHECK(redact(text.substr(0, 14) + "\\n" + text.substr(14)).find(text.substr(16, 6)) ==
            std::string::npos);
    }
  }
  for (const char* text : {"p%2Fss%2Bw0rd%3Dhunter2-abcdef", "p%2fss%2bw0rd=hunter2%2dabcdef",
                           "p/ss+w0rd=hunter2-abcdef", "702f73732b773072643d68756e746572322d616263646566",
                           "702F73732B773072643D68756E746572322D616263646566",
                           "70 2f 73 73 2b 77 30 72 64 3d 68 75 6e 74 65 72\n 32 2d 61 62 63 64 65 66",
                           "70:2f:73:73:2b:77:30:72:64:3d:68:75:6e:74:65:72:32:2d:61:62:63:64:65:66",
                           R"(p\/ss+w0rd=hunter2-abcdef)", R"(p\u002fss+w0rd\x3dhunter2-abcdef)"}) {
    CAPTURE(text);
    CHECK(redact(std::string("<") + text + ">") == "<[redacted]>");
  }
  CHECK(redact("p%2Fss%2Bw0rd") == "p%2Fss%2Bw0rd");
  CHECK(redact("100% of \\u002 it %4z \\") == "100% of \\u002 it %4z \\");
}

TEST_CASE("a value that is cut off by the edge of what was kept does not appear") {
  const Redactor redact({"my-long-hunter22"});
  CHECK(redact.part("nter22 and on my-lon") == "[redacted] and on [redacted]");
  CHECK(redact.part("ter22 and on my-lo") == "ter22 and on my-lo");
  CHECK(redact.part("my-long-hunter22") == "[redacted]");
  CHECK(redact.part("") == "");
  CHECK(Redactor({"abcabcabcd"}).part("abcabcd!") == "[redacted]!");
}

namespace {

/// Processor time for a text of so many bytes that consists of `part`; the least of three tries.
double time_for(const Redactor& redact, const std::string& part, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += part;
  double least = std::numeric_limits<double>::max();
  for (int turn = 0; turn < 3; ++turn) {
    const std::clock_t started = std::clock();
    CHECK(redact(text).size() <= text.size() * 4);
    RedactedStream stream(redact);
    for (std::size_t at = 0; at < text.size(); at += 4096) stream.take(text.substr(at, 4096));
    least = std::min(least, static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC);
  }
  return least;
}

}  // namespace

TEST_CASE("time grows with the text and not with its square") {
  std::string almost_all_a(3000, 'a');
  almost_all_a += 'b';
  const Redactor redact({"hunter22", almost_all_a});
  for (const char* part :
       {"-----BEGIN PRIVATE KEY-----", "://", "a", "aaa@", "%", "\\", "sk-", "://a:b@", "-", "ghp_"}) {
    CAPTURE(part);
    // Eight times the text: its square would take sixty-four times as long.
    CHECK(time_for(redact, part, 400'000) < 24 * std::max(time_for(redact, part, 50'000), 0.001));
  }
}

namespace {

/// What redaction of plain words means, tried at every place.
std::string naively(std::string_view text, const std::vector<std::string>& values) {
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::size_t end = 0;
    for (const std::string& value : values)
      if (text.substr(at).starts_with(value)) end = std::max(end, at + value.size());
    if (end == 0) continue;
    if (!spans.empty() && spans.back().second > at) {
      spans.back().second = std::max(spans.back().second, end);
    } else {
      spans.emplace_back(at, end);
    }
  }
  std::string clean;
  std::size_t position = 0;
  for (const auto& [begin, end] : spans) {
    clean += std::string(text.substr(position, begin - position)) + "[redacted]";
    position = end;
  }
  return clean + std::string(text.substr(position));
}

}  // namespace

TEST_CASE("any words in any text are found as a search at every place finds them") {
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> values;
    for (int count = 0; count < 4; ++count) {
      std::string value;
      for (std::size_t length = 6 + random() % 5; value.size() < length;) value += "xyz."[random() % 3];
      values.push_back(value);
    }
    std::string text;
    while (text.size() < 300)
      text += random() % 3 == 0 ? values[random() % 4] : std::string(1, "xyz."[random() % 4]);
    const Redactor redact(values);
    CAPTURE(text);
    CHECK(redact(text) == naively(text, values));
    CHECK(in_pieces(redact, text, random) == naively(text, values));
  }
}
