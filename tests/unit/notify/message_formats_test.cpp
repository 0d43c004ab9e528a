#include "notify/message_formats.hpp"

#include <doctest/doctest.h>

#include "support/json.hpp"
#include "support/text.hpp"

using namespace changeling;
using namespace changeling::notify;

namespace {

const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");

Notification hostile() {
  Notification notification;
  notification.repository = "project";
  notification.subject = "a";
  notification.title = "x\r\nBcc: all@example.org <!channel> *b*";
  notification.text = "one\r\n.\r\n\x1b[31mred\xe2\x80\xae <b>&amp;</b>\n" + std::string(3000, 'y');
  notification.link = "https://example.org/?a=1&b=<script>";
  return notification;
}

}  // namespace

TEST_CASE("what others wrote loses what nobody sees, and its length") {
  const Notification one = harmless(hostile());
  CHECK(one.title.find_first_of("\r\n\x1b") == std::string::npos);
  CHECK(one.text.find('\r') == std::string::npos);
  CHECK(one.text.find('\x1b') == std::string::npos);
  CHECK(one.text.find("\xe2\x80\xae") == std::string::npos);
  CHECK(one.text.size() < 1000);
  CHECK(one.link.empty());
}

TEST_CASE("only an address of a page is a link") {
  for (const char* link :
       {"javascript:alert(1)", "https://a|b", "https://a b", "https://a>", "/etc/passwd", "file:///x"}) {
    Notification one;
    one.link = link;
    CHECK(harmless(one).link.empty());
  }
  Notification one;
  one.link = "https://example.org/pull/1?x=y&z#/run/1";
  CHECK(harmless(one).link == one.link);
}

TEST_CASE("Slack gets plain text and one link") {
  Notification one = harmless(hostile());
  one.link = "https://example.org/1?a&b";
  const Json body = Json::parse(slack_body(one));
  CHECK(body["text"].get<std::string>().find("<!channel>") == std::string::npos);
  CHECK(body["text"].get<std::string>().find("&lt;!channel&gt;") != std::string::npos);
  REQUIRE(body["blocks"].size() == 3);
  CHECK(body["blocks"][0]["text"]["type"] == "plain_text");
  CHECK(body["blocks"][1]["text"]["type"] == "plain_text");
  CHECK(body["blocks"][2]["text"]["text"] == "<https://example.org/1?a&amp;b|Open>");
  for (const Json& block : body["blocks"]) CHECK(block["type"] != "actions");
  // By this a webhook of Slack knows our own message; webhooks/judgement looks for it.
  CHECK(body["blocks"][0]["block_id"] == "git-changeling");
  CHECK_FALSE(body["blocks"][1].contains("block_id"));
  one.link.clear();
  one.command = "git changeling status";
  CHECK(Json::parse(slack_body(one))["blocks"][2]["text"]["text"] == "git changeling status");
}

TEST_CASE("a header's value cannot leave its line, and comes back as it was") {
  CHECK(header_value("project: a failed") == "project: a failed");
  CHECK(header_value("a\r\nBcc: b@example.org").find("\r\nBcc") == std::string::npos);
  CHECK(header_value("gr\xc3\xbc\xc3\x9f\x65 an") == "=?UTF-8?Q?gr=C3=BC=C3=9Fe_an?=");
  CHECK(header_value("=?UTF-8?Q?x?=") == "=?UTF-8?Q?=3D=3FUTF=2D8=3FQ=3Fx=3F=3D?=");
  std::string long_value;
  for (int count = 0; count < 60; ++count) long_value += "\xe2\x82\xac";
  for (const std::string& line : split(header_value(long_value), '\n')) CHECK(trim(line).size() <= 76);
}

TEST_CASE("a message of mail has its headers, and no line that ends it or begins another header") {
  const std::string message =
      mail_message(harmless(hostile()), {"me@example.org", {"a@example.org", "b@example.org"}}, noon);
  const auto end = message.find("\r\n\r\n");
  REQUIRE(end != std::string::npos);
  const std::string head = message.substr(0, end);
  CHECK(head.find("Date: Fri, 20 Nov 2026 12:00:00 +0000\r\n") == 0);
  CHECK(head.find("\r\nFrom: git-changeling <me@example.org>\r\n") != std::string::npos);
  CHECK(head.find("\r\nTo: a@example.org,\r\n b@example.org\r\n") != std::string::npos);
  CHECK(head.find("\r\nAuto-Submitted: auto-generated\r\n") != std::string::npos);
  CHECK(head.find("\r\nBcc:") == std::string::npos);
  for (std::size_t place = 0; place < message.size(); ++place) {
    if (message[place] == '\n') CHECK(message[place - 1] == '\r');
  }
  for (const std::string& line : split(message, '\n')) CHECK(line.size() <= 78);
}

TEST_CASE("text is quoted-printable where it must be") {
  Notification one;
  one.title = "t";
  one.text = "a=b gr\xc3\xbc\xc3\x9f\x65 \nend";
  const std::string message = mail_message(one, {"me@example.org", {"a@example.org"}}, noon);
  CHECK(message.substr(message.find("\r\n\r\n") + 4) == "a=3Db gr=C3=BC=C3=9Fe=20\r\nend\r\n");
}

TEST_CASE("addresses of mail") {
  for (const char* good : {"me@example.org", "a.b+c@x-y.org", "root@localhost"}) CHECK(is_mail_address(good));
  for (const char* bad :
       {"", "me", "@x", "me@", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a,b@c", "Me <a@b>"})
    CHECK_FALSE(is_mail_address(bad));
}

TEST_CASE("the desktop reads no markup") {
  Notification one;
  one.text = "<b>bold</b> & more";
  CHECK(desktop_body(one) == "&lt;b&gt;bold&lt;/b&gt; &amp; more");
}
