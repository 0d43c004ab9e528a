#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "http/curl_library.hpp"
#include "http/loopback.hpp"
#include "http/mail_client.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::http {
namespace {

constexpr long connect_limit_milliseconds = 10'000;

/// What is still to be sent.
struct Reader {
  std::string_view rest;
};

std::size_t give(char* buffer, std::size_t size, std::size_t count, void* source) {
  auto& reader = *static_cast<Reader*>(source);
  const std::size_t length = std::min(size * count, reader.rest.size());
  std::memcpy(buffer, reader.rest.data(), length);
  reader.rest.remove_prefix(length);
  return length;
}

/// The server's last answer, such as "550 5.1.1 no such user".
std::size_t keep_last_line(char* data, std::size_t size, std::size_t count, void* target) {
  const std::string_view line = trim(std::string_view(data, size * count));
  if (!line.empty()) *static_cast<std::string*>(target) = line;
  return size * count;
}

bool is_on_this_machine(std::string_view server) {
  std::string host = origin_of(server);
  host.erase(0, host.find("://") + 3);
  if (const auto port = host.rfind(':');
      port != std::string::npos && host.find(']', port) == std::string::npos)
    host.erase(port);
  return is_loopback(host);
}

[[noreturn]] void explain(CURLcode code, const std::string& server, std::string detail,
                          const std::string& answer) {
  const bool was_refused = code == CURLE_SEND_ERROR || code == CURLE_LOGIN_DENIED ||
                           code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_RECV_ERROR;
  if (was_refused && !answer.empty()) {
    throw Error(ErrorKind::External,
                fmt::format("{} does not take the message: {}", origin_of(server), shortened(answer, 200)));
  }
  if (code == CURLE_USE_SSL_FAILED)
    detail = "it offers no TLS, without which nothing is sent to another machine";
  throw Error(ErrorKind::Unavailable, fmt::format("{} cannot be reached: {}", origin_of(server), detail));
}

}  // namespace

void CurlMailClient::send(const Mail& mail) {
  const CurlLibrary& curl = curl_library();
  const CurlHandle handle(curl.easy_init(), curl.easy_cleanup);
  if (!handle) throw Error(ErrorKind::Unavailable, "libcurl cannot start a message");
  CurlList recipients(nullptr, curl.slist_free_all);
  for (const std::string& address : mail.to) append_to(recipients, fmt::format("<{}>", address), curl);
  const std::string sender = fmt::format("<{}>", mail.from);
  Reader reader{mail.message};
  std::string answer;
  std::string explanation(CURL_ERROR_SIZE, '\0');
  const auto set = [&](CURLoption option, auto value) { curl.easy_setopt(handle.get(), option, value); };
  set(CURLOPT_URL, mail.server.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_USE_SSL, static_cast<long>(is_on_this_machine(mail.server) ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!mail.user.empty()) {
    set(CURLOPT_USERNAME, mail.user.c_str());
    set(CURLOPT_PASSWORD, mail.password.c_str());
  }
  set(CURLOPT_MAIL_FROM, sender.c_str());
  set(CURLOPT_MAIL_RCPT, recipients.get());
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &give);
  set(CURLOPT_READDATA, static_cast<void*>(&reader));
  set(CURLOPT_HEADERFUNCTION, &keep_last_line);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&answer));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(mail.time_limit.count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, connect_limit_milliseconds);
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_ERRORBUFFER, explanation.data());
  const CURLcode code = curl.easy_perform(handle.get());
  if (code == CURLE_OK) return;
  const std::string detail = explanation.c_str();
  explain(code, mail.server, detail.empty() ? curl.easy_strerror(code) : detail, answer);
}

}  // namespace changeling::http
