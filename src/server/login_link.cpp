#include <fmt/format.h>
#include <sys/socket.h>

#include <array>

#include "server/access/secret_file.hpp"
#include "server/listener.hpp"
#include "server/serve.hpp"
#include "server/serve_files.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

std::string converse(const FileDescriptor& socket, const std::string& request) {
  constexpr std::size_t most = 65536;
  [[maybe_unused]] const auto sent = ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
  std::string answer;
  std::array<char, 4096> buffer;
  while (answer.size() < most) {
    const ssize_t count = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return answer;
}

std::string host_of(const Place& place) {
  const auto* tcp = std::get_if<TcpPlace>(&place);
  return tcp == nullptr ? "localhost" : url_of(place).substr(std::string_view("http://").size());
}

}  // namespace

std::string new_login_link(const ServeOptions& options, const Environment& environment) {
  const Place place = read_place(options.listen);
  const FileDescriptor socket = connect_to(place);
  const std::string body = R"({"role":"owner"})";
  const std::string answer = converse(
      socket,
      fmt::format("POST /api/v1/sessions HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n"
                  "X-Changeling: 1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
                  "Connection: close\r\n\r\n{}",
                  host_of(place), access::read_or_make_token(token_file(environment)), body.size(), body));
  const auto end_of_head = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 201 ") || end_of_head == std::string::npos)
    throw Error(
        ErrorKind::External,
        fmt::format("{} gave no login: {}", url_of(place), shortened(answer.substr(0, answer.find('\r')))),
        "does another user's server listen there?");
  const Json json = parse_json(std::string_view(answer).substr(end_of_head + 4), url_of(place));
  return fmt::format("http://{}/{}", host_of(place), json_string(json, "login_url").value_or(""));
}

}  // namespace changeling::server
