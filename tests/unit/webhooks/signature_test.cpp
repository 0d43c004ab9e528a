#include "webhooks/signature.hpp"

#include <doctest/doctest.h>

#include "webhooks/hmac.hpp"
#include "webhooks/sources.hpp"

using namespace changeling;
using namespace changeling::webhooks;

namespace {

Timestamp at(std::int64_t seconds) {
  return Timestamp(std::chrono::seconds(seconds));
}

Verdict judged(std::string_view source, const Headers& headers, std::string_view body,
               const std::vector<std::string>& secrets, Timestamp now = at(1614265330)) {
  return verify(find_source(source), headers, body, secrets, now);
}

std::string hex(std::string_view key, std::string_view text) {
  return hex_of(hmac_sha256(key, {text}));
}

// The example of GitHub's documentation.
const std::string github_secret = "It's a Secret to Everybody";
const std::string github_body = "Hello, World!";
const std::string github_digits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

// The example of the specification of Standard Webhooks.
const std::string standard_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string standard_body = R"({"test": 2432232314})";
Headers standard_headers() {
  return {{"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
          {"webhook-timestamp", "1614265330"},
          {"webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}};
}

}  // namespace

TEST_CASE("HMAC-SHA256 is that of RFC 4231") {
  CHECK(hex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(hex_of(hmac_sha256("Jefe", {"what do ya want ", "", "for nothing?"})) ==
        hex("Jefe", "what do ya want for nothing?"));
}

TEST_CASE("base64 is read strictly") {
  CHECK(bytes_of_base64("aGk=") == "hi");
  CHECK(bytes_of_base64("aGkh") == "hi!");
  for (const char* wrong : {"", "a", "aGk", "aGk =", " aGk", "aGl=", "aGk=\n", "a-_=", "===="}) {
    CAPTURE(wrong);
    CHECK_FALSE(bytes_of_base64(wrong).has_value());
  }
}

TEST_CASE("GitHub signs the body with SHA-256, and SHA-1 counts for nothing") {
  const auto with = [](const std::string& signature) {
    return judged("github", {{"x-hub-signature-256", signature}}, github_body, {github_secret});
  };
  CHECK(with("sha256=" + github_digits) == Verdict::Right);
  CHECK(with(github_digits) == Verdict::Wrong);
  CHECK(with("sha256=" + github_digits.substr(1)) == Verdict::Wrong);
  CHECK(with("sha256=" + github_digits + "0") == Verdict::Wrong);
  CHECK(with("sha256=") == Verdict::Wrong);
  CHECK(with("") == Verdict::Wrong);
  CHECK(with("sha256=" + github_digits + ", sha256=" + github_digits) == Verdict::Wrong);
  CHECK(judged("github", {{"x-hub-signature", "sha1=e2d8e2a4d3"}}, github_body, {github_secret}) ==
        Verdict::Wrong);
  CHECK(judged("github", {}, github_body, {github_secret}) == Verdict::Wrong);
  CHECK(judged("github", {{"x-hub-signature-256", "sha256=" + github_digits}}, github_body + " ",
               {github_secret}) == Verdict::Wrong);
}

TEST_CASE("an empty or missing secret signs nothing") {
  const std::string digits = hex("", github_body);
  CHECK(judged("github", {{"x-hub-signature-256", "sha256=" + digits}}, github_body, {""}) == Verdict::Wrong);
  CHECK(judged("github", {{"x-hub-signature-256", "sha256=" + digits}}, github_body, {}) == Verdict::Wrong);
  CHECK(judged("gitea", {{"x-gitea-signature", digits}}, github_body, {""}) == Verdict::Wrong);
  CHECK(judged("gitlab", {{"x-gitlab-token", ""}}, "{}", {""}) == Verdict::Wrong);
  CHECK(judged("gitlab", {}, "{}", {}) == Verdict::Wrong);
  CHECK(judged("generic", {{"authorization", "Bearer "}}, "{}", {""}) == Verdict::Wrong);
  Headers headers = standard_headers();
  headers["webhook-signature"] =
      "v1," + base64_of(hmac_sha256("", {headers["webhook-id"], ".1614265330.", standard_body}));
  CHECK(judged("standard", headers, standard_body, {"whsec_"}) == Verdict::Wrong);
  CHECK(judged("standard", headers, standard_body, {""}) == Verdict::Wrong);
}

TEST_CASE("each of two secrets is right while they are changed") {
  const Headers headers{{"x-hub-signature-256", "sha256=" + github_digits}};
  CHECK(judged("github", headers, github_body, {"another", github_secret}) == Verdict::Right);
  CHECK(judged("github", headers, github_body, {github_secret, "another"}) == Verdict::Right);
  CHECK(judged("github", headers, github_body, {"another", "one more"}) == Verdict::Wrong);
}

TEST_CASE("of the signatures of Gitea and Forgejo all must hold that are there") {
  const std::string right = hex("a secret", "{}");
  const auto with = [](const Headers& headers) { return judged("gitea", headers, "{}", {"a secret"}); };
  CHECK(with({{"x-gitea-signature", right}}) == Verdict::Right);
  CHECK(with({{"x-forgejo-signature", right}}) == Verdict::Right);
  CHECK(with({{"x-gitea-signature", right}, {"x-forgejo-signature", right}}) == Verdict::Right);
  CHECK(with({{"x-gitea-signature", right}, {"x-forgejo-signature", hex("no", "{}")}}) == Verdict::Wrong);
  CHECK(with({{"x-gitea-signature", ""}, {"x-forgejo-signature", right}}) == Verdict::Wrong);
  CHECK(with({{"x-gitea-signature", "sha256=" + right}}) == Verdict::Wrong);
  CHECK(with({{"x-hub-signature-256", "sha256=" + right}}) == Verdict::Wrong);
  CHECK(with({}) == Verdict::Wrong);
}

TEST_CASE("Standard Webhooks: the vector, several signatures, and what is wrong") {
  const auto with = [](const Headers& headers) {
    return judged("standard", headers, standard_body, {standard_secret});
  };
  CHECK(with(standard_headers()) == Verdict::Right);
  Headers headers = standard_headers();
  const std::string right = headers["webhook-signature"];
  headers["webhook-signature"] = "v1,AAAA v2," + right.substr(3) + " " + right;
  CHECK(with(headers) == Verdict::Right);
  for (const std::string& wrong : {std::string(), right.substr(0, right.size() - 1), right.substr(3),
                                   "v2" + right.substr(2), right + ", " + "v1,AAAA", std::string("v1,")}) {
    CAPTURE(wrong);
    headers["webhook-signature"] = wrong;
    CHECK(with(headers) == Verdict::Wrong);
  }
  for (const char* part : {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
    headers = standard_headers();
    headers.erase(part);
    CHECK(with(headers) == Verdict::Wrong);
  }
  headers = standard_headers();
  headers["webhook-id"] += "x";
  CHECK(with(headers) == Verdict::Wrong);
}

TEST_CASE("what is too old or from the future is stale, to the second") {
  const auto at_time = [](std::int64_t now) {
    return judged("standard", standard_headers(), standard_body, {standard_secret}, at(now));
  };
  CHECK(at_time(1614265330 + 300) == Verdict::Right);
  CHECK(at_time(1614265330 + 301) == Verdict::Stale);
  CHECK(at_time(1614265330 - 300) == Verdict::Right);
  CHECK(at_time(1614265330 - 301) == Verdict::Stale);
  // A wrong signature is wrong, whatever time it says.
  Headers headers = standard_headers();
  headers["webhook-timestamp"] = "1";
  CHECK(judged("standard", headers, standard_body, {standard_secret}) == Verdict::Wrong);
  for (const char* word : {"", "-1", "1614265330.0", " 1614265330", "99999999999999999999", "0x10"}) {
    CAPTURE(word);
    headers["webhook-timestamp"] = word;
    CHECK(judged("standard", headers, standard_body, {standard_secret}) == Verdict::Wrong);
  }
  CHECK(verify(find_source("standard"), standard_headers(), standard_body, {standard_secret},
               at(2'000'000'000), Age::Ignored) == Verdict::Right);
}

TEST_CASE("Slack signs version, time and body") {
  const std::string secret = "8f742231b10e8888abcd99yyyzzz85a5";
  const std::string body = R"({"type":"url_verification","challenge":"x"})";
  const auto signed_at = [&](const std::string& time) {
    return Headers{{"x-slack-request-timestamp", time},
                   {"x-slack-signature", "v0=" + hex(secret, "v0:" + time + ":" + body)}};
  };
  CHECK(judged("slack", signed_at("1614265330"), body, {secret}) == Verdict::Right);
  CHECK(judged("slack", signed_at("1614265029"), body, {secret}) == Verdict::Stale);
  CHECK(judged("slack", signed_at("1614265631"), body, {secret}) == Verdict::Stale);
  CHECK(judged("slack", signed_at("soon"), body, {secret}) == Verdict::Wrong);
  Headers headers = signed_at("1614265330");
  headers["x-slack-request-timestamp"] = "1614265331";
  CHECK(judged("slack", headers, body, {secret}) == Verdict::Wrong);
  headers.erase("x-slack-request-timestamp");
  CHECK(judged("slack", headers, body, {secret}) == Verdict::Wrong);
}

TEST_CASE("Jira's header names its method, and only SHA-256 is taken") {
  const std::string right = hex("a secret", "{}");
  const auto with = [](const std::string& signature) {
    return judged("jira", {{"x-hub-signature", signature}}, "{}", {"a secret"});
  };
  CHECK(with("sha256=" + right) == Verdict::Right);
  CHECK(with("sha1=" + right) == Verdict::Wrong);
  CHECK(with("sha512=" + right) == Verdict::Wrong);
  CHECK(with(right) == Verdict::Wrong);
  CHECK(judged("jira", {{"x-hub-signature-256", "sha256=" + right}}, "{}", {"a secret"}) == Verdict::Wrong);
}

TEST_CASE("Linear says in the signed body when it was sent") {
  const auto judged_body = [](const std::string& body) {
    return judged("linear", {{"linear-signature", hex("a secret", body)}}, body, {"a secret"});
  };
  CHECK(judged_body(R"({"webhookTimestamp":1614265330000})") == Verdict::Right);
  CHECK(judged_body(R"({"webhookTimestamp":1614265270000})") == Verdict::Right);
  CHECK(judged_body(R"({"webhookTimestamp":1614265269999})") == Verdict::Stale);
  CHECK(judged_body(R"({"webhookTimestamp":1614265390001})") == Verdict::Stale);
  CHECK(judged_body(R"({"webhookTimestamp":"1614265330000"})") == Verdict::Wrong);
  CHECK(judged_body(R"({"webhookTimestamp":-9223372036854775808})") == Verdict::Wrong);
  CHECK(judged_body("{}") == Verdict::Wrong);
  CHECK(judged_body("no JSON") == Verdict::Wrong);
  CHECK(judged("linear", {{"linear-signature", "00"}}, R"({"webhookTimestamp":1614265330000})",
               {"a secret"}) == Verdict::Wrong);
}

TEST_CASE("GitLab sends its secret token, or signs where the secret is a signing token") {
  CHECK(judged("gitlab", {{"x-gitlab-token", "a long secret"}}, "{}", {"a long secret"}) == Verdict::Right);
  CHECK(judged("gitlab", {{"x-gitlab-token", "a long secre"}}, "{}", {"a long secret"}) == Verdict::Wrong);
  CHECK(judged("gitlab", {{"x-gitlab-token", "a long secret, a long secret"}}, "{}", {"a long secret"}) ==
        Verdict::Wrong);
  CHECK(judged("gitlab", standard_headers(), standard_body, {standard_secret}) == Verdict::Right);
  // A signing token is never sent, so whoever sends it does not know what it is for.
  CHECK(judged("gitlab", {{"x-gitlab-token", standard_secret}}, "{}", {standard_secret}) == Verdict::Wrong);
}

TEST_CASE("anything else sends a bearer token, or signs as Standard Webhooks") {
  CHECK(judged("generic", {{"authorization", "Bearer a long secret"}}, "{}", {"a long secret"}) ==
        Verdict::Right);
  CHECK(judged("generic", {{"authorization", "a long secret"}}, "{}", {"a long secret"}) == Verdict::Wrong);
  CHECK(judged("generic", {{"authorization", "Basic a long secret"}}, "{}", {"a long secret"}) ==
        Verdict::Wrong);
  CHECK(judged("generic", standard_headers(), standard_body, {standard_secret}) == Verdict::Right);
  CHECK(judged("generic", {{"authorization", "Bearer " + standard_secret}}, "{}", {standard_secret}) ==
        Verdict::Wrong);
}

TEST_CASE("a new secret is long, random and of the kind that the source wants") {
  CHECK(new_secret(SecretKind::Text) != new_secret(SecretKind::Text));
  for (const SourceRow& source : sources()) {
    CAPTURE(source.word);
    CHECK(secret_problem(source, new_secret(source.secret)).empty());
  }
  CHECK(secret_problem(find_source("standard"), "a long enough secret") != "");
  CHECK(secret_problem(find_source("github"), "short") != "");
  CHECK(secret_problem(find_source("github"), "with a space inside") != "");
  CHECK(secret_problem(find_source("generic"), "whsec_???") != "");
}
