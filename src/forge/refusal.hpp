#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/client.hpp"
#include "support/clock.hpp"
#include "support/error.hpp"

namespace changeling::forge {

/// What was asked for, in the words a message needs.
struct RefusalContext {
  std::string action;        ///< "open a pull request"
  std::string repository;    ///< "OWNER/NAME"
  std::string host;          ///< Host and port of the API.
  std::string token_source;  ///< See Token::source.
  std::string permission;    ///< The one that the action needs: "Pull requests: write".
  std::string branch;        ///< Of the pull request, where there is one.
  std::string base;
};

/// One entry of `errors` in GitHub's answer to a request it finds wrong
/// (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api).
struct RefusalDetail {
  std::string resource;
  std::string field;
  std::string code;
  std::string message;
};

/// What the answer says, without control characters; empty when it is not GitHub's form.
struct RefusalAnswer {
  std::string message;
  std::vector<RefusalDetail> details;

  bool mentions(std::string_view words) const;  ///< In the message or in a detail, without regard to case.
};
RefusalAnswer read_refusal(const http::HttpResponse& response);

/// One sentence that says why the answer is not a success, with a hint. Unavailable for rate limits and 5xx,
/// Refused for 410 and for what the forge's rules forbid (422), External otherwise. The caller redacts what
/// the server wrote.
Error explain_refusal(const http::HttpResponse& response, const RefusalContext& context, Timestamp now);

}  // namespace changeling::forge
