#include "notify/message_formats.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "support/json.hpp"
#include "support/own_marks.hpp"
#include "support/text.hpp"

namespace changeling::notify {
namespace {

std::string replaced(std::string_view text, const std::vector<std::pair<char, std::string_view>>& pairs) {
  std::string result;
  for (const char letter : text) {
    const auto found =
        std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == letter; });
    if (found == pairs.end()) {
      result += letter;
    } else {
      result += found->second;
    }
  }
  return result;
}

/// The three characters that Slack and the desktop's markup know.
std::string without_markup(std::string_view text) {
  return replaced(text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}});
}

bool is_printable(char letter) {
  return letter >= ' ' && letter < 0x7f;
}

/// As much of the text as one encoded word holds, cut between characters.
std::string_view next_part(std::string_view text) {
  constexpr std::size_t bytes_of_word = 18;  // Three letters each, and 12 around them, in 76.
  std::size_t length = std::min(bytes_of_word, text.size());
  while (length > 1 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0U) == 0x80U)
    --length;
  return text.substr(0, length);
}

/// RFC 2047, section 4.2.
std::string encoded_word(std::string_view text) {
  std::string word = "=?UTF-8?Q?";
  for (const char letter : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 && is_printable(letter);
    word += letter == ' ' ? "_"
            : plain       ? std::string(1, letter)
                          : fmt::format("={:02X}", static_cast<unsigned char>(letter));
  }
  return word + "?=";
}

/// One line of quoted-printable (RFC 2045, section 6.7), broken softly.
std::string quoted_line(std::string_view line) {
  constexpr std::size_t longest = 76;
  std::string result;
  std::size_t column = 0;
  for (std::size_t place = 0; place < line.size(); ++place) {
    const char letter = line[place];
    const bool ends_with_space = letter == ' ' && place + 1 == line.size();
    const bool plain = is_printable(letter) && letter != '=' && !ends_with_space;
    const std::string piece =
        plain ? std::string(1, letter) : fmt::format("={:02X}", static_cast<unsigned char>(letter));
    if (column + piece.size() >= longest) {
      result += "=\r\n";
      column = 0;
    }
    result += piece;
    column += piece.size();
  }
  return result;
}

std::string mail_date(Timestamp now) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

std::string domain_of(const std::string& address) {
  return address.substr(address.rfind('@') + 1);
}

}  // namespace

std::string slack_body(const Notification& notification) {
  const auto plain = [](const std::string& text) {
    return Json{{"type", "plain_text"}, {"text", text.empty() ? " " : text}, {"emoji", false}};
  };
  Json blocks = Json::array();
  // Only here: it must be unique in a message (https://docs.slack.dev/reference/block-kit/blocks).
  blocks.push_back({{"type", "header"}, {"block_id", own_slack_block}, {"text", plain(notification.title)}});
  if (!notification.text.empty()) blocks.push_back({{"type", "section"}, {"text", plain(notification.text)}});
  if (!notification.link.empty()) {
    const std::string link = fmt::format("<{}|Open>", without_markup(notification.link));
    blocks.push_back({{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", link}}}});
  } else if (!notification.command.empty()) {
    blocks.push_back({{"type", "section"}, {"text", plain(notification.command)}});
  }
  return json_text({{"text", without_markup(notification.title)},
                    {"blocks", blocks},
                    {"unfurl_links", false},
                    {"unfurl_media", false}});
}

std::string header_value(std::string_view text) {
  // What looks like an encoded word is encoded, too: it would be decoded otherwise.
  const bool plain = std::all_of(text.begin(), text.end(), is_printable) && text.find("=?") == text.npos;
  if (plain) return std::string(text);
  std::string value;
  while (!text.empty()) {
    const std::string_view part = next_part(text);
    if (!value.empty()) value += "\r\n ";
    value += encoded_word(part);
    text.remove_prefix(part.size());
  }
  return value;
}

std::string mail_message(const Notification& notification, const MailAddresses& addresses, Timestamp now) {
  std::string message;
  const auto header = [&](std::string_view name, const std::string& value) {
    message += fmt::format("{}: {}\r\n", name, value);
  };
  header("Date", mail_date(now));
  header("From", fmt::format("git-changeling <{}>", addresses.from));
  header("To", join(addresses.to, ",\r\n "));
  header("Subject", header_value(notification.title));
  header("Message-ID", fmt::format("<{}@{}>", random_id(24), domain_of(addresses.from)));
  // RFC 3834: no vacation notice answers it.
  header("Auto-Submitted", "auto-generated");
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "quoted-printable");
  message += "\r\n";
  for (const std::string& line : split_lines(whole_text(notification))) message += quoted_line(line) + "\r\n";
  return message;
}

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  constexpr std::size_t longest = 254;
  const bool has_both = at != std::string_view::npos && at > 0 && at + 1 < text.size();
  return has_both && text.size() <= longest && text.find('@', at + 1) == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char letter) {
           return letter > ' ' && letter < 0x7f &&
                  std::string_view("<>()[]\\,;:\"").find(letter) == std::string_view::npos;
         });
}

std::string desktop_body(const Notification& notification) {
  return without_markup(whole_text(notification));
}

}  // namespace changeling::notify
