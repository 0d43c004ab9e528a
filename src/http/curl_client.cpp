#include <fmt/format.h>

#include <memory>
#include <optional>

#include "http/client.hpp"
#include "http/curl_library.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::http {
namespace {

/// Largest answer that is read. A page of a hundred pull requests with long bodies stays below 7 MB.
constexpr std::size_t response_limit = 64U * 1024 * 1024;
constexpr long connect_limit_milliseconds = 15'000;
constexpr long idle_limit_seconds = 20;
constexpr int question_interval_milliseconds = 200;

/// What the callbacks fill while an exchange is under way.
struct Receiver {
  http::HttpResponse response;
  bool too_large = false;
};

std::size_t receive_body(char* data, std::size_t size, std::size_t count, void* target) {
  auto& receiver = *static_cast<Receiver*>(target);
  const std::size_t length = size * count;
  if (receiver.response.body.size() + length > response_limit) {
    receiver.too_large = true;
    return 0;
  }
  receiver.response.body.append(data, length);
  return length;
}

std::size_t receive_header(char* data, std::size_t size, std::size_t count, void* target) {
  auto& receiver = *static_cast<Receiver*>(target);
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) {
    // Headers of an interim answer (100 Continue) do not belong to the final one.
    receiver.response.headers.clear();
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    receiver.response.headers[to_lower(trim(line.substr(0, colon)))] =
        std::string(trim(line.substr(colon + 1)));
  }
  return line.size();
}

/// Carries the exchange out. Nothing when `interruption` ended it.
std::optional<CURLcode> perform(const CurlLibrary& curl, CURL* handle, const Interruption* interruption) {
  const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl.multi_init(), curl.multi_cleanup);
  if (!multi || curl.multi_add_handle(multi.get(), handle) != CURLM_OK) return CURLE_FAILED_INIT;
  int running = 1;
  bool interrupted = false;
  while (running > 0 && !interrupted) {
    if (curl.multi_perform(multi.get(), &running) != CURLM_OK) break;
    if (running > 0) curl.multi_poll(multi.get(), nullptr, 0, question_interval_milliseconds, nullptr);
    interrupted = running > 0 && interruption != nullptr && interruption->requested();
  }
  std::optional<CURLcode> code;
  int left = 0;
  while (const CURLMsg* message = curl.multi_info_read(multi.get(), &left)) {
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  }
  curl.multi_remove_handle(multi.get(), handle);
  return interrupted ? std::nullopt : std::optional(code.value_or(CURLE_FAILED_INIT));
}

void set_method(const CurlLibrary& curl, CURL* handle, const http::HttpRequest& request) {
  if (request.method == "GET") {
    curl.easy_setopt(handle, CURLOPT_HTTPGET, 1L);
    return;
  }
  if (request.method == "HEAD") {
    curl.easy_setopt(handle, CURLOPT_NOBODY, 1L);
    return;
  }
  curl.easy_setopt(handle, CURLOPT_POST, 1L);
  curl.easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl.easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
  curl.easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

}  // namespace

http::HttpResponse http::CurlHttpClient::send(const http::HttpRequest& request) {
  const CurlLibrary& curl = curl_library();
  const CurlHandle handle(curl.easy_init(), curl.easy_cleanup);
  if (!handle) throw Error(ErrorKind::Unavailable, "libcurl cannot start a request");

  CurlList headers(nullptr, curl.slist_free_all);
  const auto add_header = [&](const std::string& line) { append_to(headers, line, curl); };
  // Without this libcurl asks for permission before long bodies and waits a second for servers that do not
  // answer.
  add_header("Expect:");
  for (const auto& [name, value] : request.headers) add_header(fmt::format("{}: {}", name, value));

  Receiver receiver;
  std::string explanation(CURL_ERROR_SIZE, '\0');
  set_method(curl, handle.get(), request);
  curl.easy_setopt(handle.get(), CURLOPT_URL, request.url.c_str());
  curl.easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl.easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl.easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl.easy_setopt(handle.get(), CURLOPT_ACCEPT_ENCODING, "");
  curl.easy_setopt(handle.get(), CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl.easy_setopt(handle.get(), CURLOPT_USERAGENT, "git-changeling");
  curl.easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl.easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(request.time_limit.count()));
  curl.easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, connect_limit_milliseconds);
  curl.easy_setopt(handle.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl.easy_setopt(handle.get(), CURLOPT_LOW_SPEED_TIME, idle_limit_seconds);
  // Otherwise the end of an exchange waits for a name server that does not answer.
  curl.easy_setopt(handle.get(), CURLOPT_QUICK_EXIT, 1L);
  curl.easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, explanation.data());
  curl.easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &receive_body);
  curl.easy_setopt(handle.get(), CURLOPT_WRITEDATA, static_cast<void*>(&receiver));
  curl.easy_setopt(handle.get(), CURLOPT_HEADERFUNCTION, &receive_header);
  curl.easy_setopt(handle.get(), CURLOPT_HEADERDATA, static_cast<void*>(&receiver));

  const auto ended = perform(curl, handle.get(), interruption_);
  if (receiver.too_large) {
    throw Error(ErrorKind::External, fmt::format("{} answered with more than {} MB", origin_of(request.url),
                                                 response_limit / (1024 * 1024)));
  }
  if (!ended) {
    throw Error(ErrorKind::Interrupted,
                fmt::format("interrupted while {} was asked", origin_of(request.url)));
  }
  if (const CURLcode code = *ended; code != CURLE_OK) {
    const std::string detail = explanation.c_str();
    throw Error(ErrorKind::Unavailable,
                fmt::format("{} cannot be reached: {}", origin_of(request.url),
                            detail.empty() ? curl.easy_strerror(code) : detail.c_str()),
                "check the network, the proxy settings and changeling.apiUrl");
  }
  long status = 0;
  curl.easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  receiver.response.status = static_cast<int>(status);
  return std::move(receiver.response);
}

}  // namespace changeling::http
