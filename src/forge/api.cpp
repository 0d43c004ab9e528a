#include "forge/api.hpp"

#include <fmt/format.h>

#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

/// Version of the REST API whose answers are read here
/// (https://docs.github.com/rest/about-the-rest-api/api-versions).
constexpr std::string_view api_version = "2022-11-28";
/// A repository with more pages than this is not read to its end.
constexpr int page_limit = 50;

/// Bytes that are not UTF-8 (an agent's output may hold some) must not stop a request.
std::string text_of(const Json& body) {
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_success(const http::HttpResponse& response) {
  return response.status >= 200 && response.status < 300;
}

}  // namespace

GitHubApi::GitHubApi(http::HttpClient& client, const Clock& clock, http::RetryPolicy policy,
                     ForgeChoice choice)
    : client_(client),
      clock_(clock),
      sender_(client, clock, std::move(policy)),
      choice_(std::move(choice)),
      redact_({choice_.token.value}) {
  const auto server = parse_server_address(choice_.api_url);
  if (!server)
    throw Error(ErrorKind::Invalid, "the address of the GitHub API is not an http or https address");
  server_ = *server;
}

std::string GitHubApi::full_name() const {
  return fmt::format("{}/{}", choice_.repository.owner, choice_.repository.name);
}

std::string GitHubApi::address(const std::string& path) const {
  return fmt::format("{}/repos/{}{}", choice_.api_url, full_name(), path);
}

http::HttpRequest GitHubApi::request(const std::string& method, const std::string& url,
                                     const std::string& body) const {
  http::HttpRequest request;
  request.method = method;
  request.url = url;
  request.body = body;
  request.headers = {{"Authorization", fmt::format("Bearer {}", choice_.token.value)},
                     {"Accept", "application/vnd.github+json"},
                     {"X-GitHub-Api-Version", std::string(api_version)}};
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  return request;
}

Error GitHubApi::explain(const http::HttpResponse& response, const Purpose& purpose) const {
  const RefusalContext context{purpose.action,     full_name(),    server_.authority, choice_.token.source,
                               purpose.permission, purpose.branch, purpose.base};
  const Error error = explain_refusal(response, context, clock_.now());
  return Error(error.kind(), redact_(error.what()), redact_(error.hint()));
}

http::HttpResponse GitHubApi::checked(http::HttpResponse response, const Purpose& purpose) const {
  if (!is_success(response)) throw explain(response, purpose);
  return response;
}

Json GitHubApi::parse(const http::HttpResponse& response) const {
  try {
    return parse_json(response.body, fmt::format("answer of {}", server_.authority));
  } catch (const Error& error) {
    throw Error(ErrorKind::External, redact_(error.what()),
                "check that changeling.apiUrl is the address of the REST API");
  }
}

Json GitHubApi::get(const std::string& path, const Purpose& purpose) const {
  return parse(checked(sender_.send(request("GET", address(path), "")), purpose));
}

http::HttpResponse GitHubApi::news(const std::string& path, const std::string& etag) const {
  http::HttpRequest wanted = request("GET", address(path), "");
  if (!etag.empty()) wanted.headers.emplace_back("If-None-Match", etag);
  return client_.send(wanted);
}

std::optional<Json> GitHubApi::get_if_exists(const std::string& path, const Purpose& purpose) const {
  const http::HttpResponse response = sender_.send(request("GET", address(path), ""));
  if (response.status == 404) return std::nullopt;
  return parse(checked(response, purpose));
}

std::optional<std::string> GitHubApi::next_page(const http::HttpResponse& response) const {
  const auto header = response.headers.find("link");
  if (header == response.headers.end()) return std::nullopt;
  const auto url = next_link(header->second);
  if (!url) return std::nullopt;
  const auto target = parse_server_address(*url);
  if (!target || !target->same_origin(server_)) {
    throw Error(ErrorKind::External,
                fmt::format("{} continues its list on another server", server_.authority),
                "the token is not sent there; check changeling.apiUrl");
  }
  return url;
}

void GitHubApi::each(const std::string& path, const std::string& query, const Purpose& purpose,
                     const std::function<bool(const Json&)>& take) const {
  std::optional<std::string> url = fmt::format("{}?{}&per_page=100", address(path), query);
  for (int page = 0; url && page < page_limit; ++page) {
    const http::HttpResponse response = checked(sender_.send(request("GET", *url, "")), purpose);
    const Json entries = parse(response);
    if (!entries.is_array())
      throw Error(ErrorKind::External, fmt::format("{} answered with no list", server_.authority));
    for (const Json& entry : entries) {
      if (!take(entry)) return;
    }
    url = next_page(response);
  }
}

std::vector<Json> GitHubApi::look(const std::string& path, const std::string& query,
                                  const Purpose& purpose) const {
  const http::HttpResponse response = checked(
      client_.send(request("GET", fmt::format("{}?{}&per_page=100", address(path), query), "")), purpose);
  const Json entries = parse(response);
  return entries.is_array() ? entries.get<std::vector<Json>>() : std::vector<Json>();
}

Json GitHubApi::send(const std::string& method, const std::string& path, const Json& body,
                     const Purpose& purpose) const {
  return parse(checked(sender_.send(request(method, address(path), text_of(body))), purpose));
}

std::optional<Json> GitHubApi::send_if_exists(const std::string& method, const std::string& path,
                                              const Json& body, const Purpose& purpose) const {
  const http::HttpResponse response = sender_.send(request(method, address(path), text_of(body)));
  if (response.status == 404) return std::nullopt;
  return parse(checked(response, purpose));
}

void GitHubApi::remove(const std::string& path, const Json& body, const Purpose& purpose) const {
  const http::HttpResponse response =
      sender_.send(request("DELETE", address(path), body.is_null() ? "" : text_of(body)));
  if (response.status != 404) checked(response, purpose);
}

http::HttpResponse GitHubApi::try_create(const std::string& path, const Json& body, const Purpose& purpose,
                                         const Look& find_made) const {
  const auto look = [&]() -> std::optional<http::HttpResponse> {
    const auto made = find_made();
    if (!made) return std::nullopt;
    return http::HttpResponse{201, {}, made->dump()};
  };
  http::HttpResponse response = sender_.send(request("POST", address(path), text_of(body)), look);
  if (response.status == 422) return response;
  return checked(std::move(response), purpose);
}

Json GitHubApi::create(const std::string& path, const Json& body, const Purpose& purpose,
                       const Look& find_made) const {
  return parse(checked(try_create(path, body, purpose, find_made), purpose));
}

std::optional<std::string> next_link(std::string_view link_header) {
  while (!link_header.empty()) {
    const auto open = link_header.find('<');
    const auto close = link_header.find('>', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
    const std::string_view target = link_header.substr(open + 1, close - open - 1);
    // Parameters end at a comma that begins the next target; none of GitHub's values contains one.
    const auto end = link_header.find(',', close);
    const std::string_view parameters =
        link_header.substr(close + 1, end == std::string_view::npos ? end : end - close - 1);
    for (const std::string& parameter : split(parameters, ';')) {
      const std::string_view word = trim(parameter);
      if (word == "rel=\"next\"" || word == "rel=next") return std::string(target);
    }
    if (end == std::string_view::npos) return std::nullopt;
    link_header.remove_prefix(end + 1);
  }
  return std::nullopt;
}

std::string encoded(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '_' ||
                       letter == '~';
    if (plain)
      result += letter;
    else
      result += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
  }
  return result;
}

}  // namespace changeling::forge
