#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace changeling::http {

/// A message on its way to one mail server.
struct Mail {
  std::string server;  ///< "smtp://HOST[:PORT]" or "smtps://HOST[:PORT]".
  std::string user;    ///< Empty: nobody logs in.
  std::string password;
  std::string from;  ///< Addresses of the envelope (RFC 5321), without names and angle brackets.
  std::vector<std::string> to;
  std::string message;  ///< As RFC 5322 has it, with CRLF line ends.
  std::chrono::milliseconds time_limit{20'000};
};

/// Hands a message over. Throws Error(Unavailable) when the server cannot be reached, and Error(External)
/// with its answer when it does not take the message.
class MailClient {
 public:
  virtual ~MailClient() = default;
  virtual void send(const Mail& mail) = 0;
};

/// Over SMTP through libcurl, which is opened at the first message. TLS is verified, and demanded of every
/// server that is not this machine: nobody on the way reads the message or the password.
class CurlMailClient : public MailClient {
 public:
  void send(const Mail& mail) override;
};

}  // namespace changeling::http
