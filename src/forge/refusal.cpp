#include "forge/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "http/retry.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

constexpr std::size_t message_limit = 300;

/// Text of a server, fit for one line of a terminal.
std::string one_line(std::string_view text) {
  std::string line = valid_utf8(text.substr(0, message_limit));
  std::replace_if(
      line.begin(), line.end(),
      [](char letter) { return std::iscntrl(static_cast<unsigned char>(letter)) != 0; }, ' ');
  return std::string(trim(line));
}

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? one_line(found->get<std::string>()) : "";
}

/// "pull_requests=write; contents=read" of X-Accepted-GitHub-Permissions as GitHub's pages spell it.
std::string spelled_permission(const http::HttpResponse& response, const std::string& otherwise) {
  const auto found = response.headers.find("x-accepted-github-permissions");
  if (found == response.headers.end() || found->second.empty()) return otherwise;
  const std::string first = split(found->second, ';').front();
  std::string spelled;
  for (const char letter : one_line(first)) {
    if (letter == '=')
      spelled += ": ";
    else
      spelled += letter == '_' ? ' ' : letter;
  }
  if (!spelled.empty()) spelled[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(spelled[0])));
  return spelled.empty() ? otherwise : spelled;
}

Error explain_unprocessable(const RefusalAnswer& answer, const RefusalContext& context) {
  const auto failure = [&](const std::string& message, const std::string& hint) {
    return Error(ErrorKind::Refused, message, hint);
  };
  if (answer.mentions("no commits between")) {
    return failure(fmt::format("{} has no commits that {} lacks, so there is nothing to propose",
                               context.branch, context.base),
                   "the change is in the base branch already: fetch and run the changeling again");
  }
  if (answer.mentions("draft pull requests are not supported")) {
    return failure(
        fmt::format("{} does not allow draft pull requests", context.repository),
        "draft pull requests need a public repository or a paid plan; set `draft = false` in the definition");
  }
  for (const RefusalDetail& detail : answer.details) {
    if (detail.field == "head") {
      // It may have been deleted, or not be known there yet; it is pushed again with the next try.
      return Error(
          ErrorKind::External,
          fmt::format("{} is not a branch of {} on {}", context.branch, context.repository, context.host),
          "the branch has not been pushed or was deleted: run the changeling again");
    }
    if (detail.field == "base") {
      return failure(
          fmt::format("the base branch {} does not exist in {} on {}", context.base, context.repository,
                      context.host),
          fmt::format("push it (git push origin {}) or choose another with `--branch`", context.base));
    }
  }
  std::vector<std::string> reasons;
  for (const RefusalDetail& detail : answer.details) {
    reasons.push_back(detail.message.empty()
                          ? fmt::format("{} {} is {}", detail.resource, detail.field, detail.code)
                          : detail.message);
  }
  const std::string reason = reasons.empty() ? answer.message : join(reasons, "; ");
  return failure(fmt::format("{} refuses to {} in {}: {}", context.host, context.action, context.repository,
                             reason.empty() ? "no reason given" : reason),
                 "correct the values named and run the changeling again");
}

Error explain_forbidden(const http::HttpResponse& response, const RefusalAnswer& answer,
                        const RefusalContext& context) {
  const auto sign_on = response.headers.find("x-github-sso");
  if (sign_on != response.headers.end()) {
    const auto address = sign_on->second.find("url=");
    return Error(ErrorKind::External,
                 fmt::format("the owner of {} wants the token from {} to be authorised for single sign-on",
                             context.repository, context.token_source),
                 address == std::string::npos
                     ? "authorise it in the token settings on GitHub"
                     : fmt::format("open {}", one_line(sign_on->second.substr(address + 4))));
  }
  return Error(
      ErrorKind::External,
      fmt::format("the token from {} may not {} in {}{}", context.token_source, context.action,
                  context.repository, answer.message.empty() ? "" : fmt::format(": {}", answer.message)),
      fmt::format("give the token the permission \"{}\" (for classic tokens: the scope repo)",
                  spelled_permission(response, context.permission)));
}

Error explain_rate_limit(const http::HttpResponse& response, const RefusalContext& context, Timestamp now) {
  const Duration wait = http::requested_wait(response, now).value_or(std::chrono::minutes(1));
  return Error(
      ErrorKind::Unavailable,
      fmt::format("{} accepts no more requests with the token from {} for now", context.host,
                  context.token_source),
      fmt::format("try again in {} (after {})", describe_duration(wait), format_timestamp(now + wait)));
}

}  // namespace

bool RefusalAnswer::mentions(std::string_view words) const {
  const auto contains = [&](std::string_view text) {
    return to_lower(text).find(words) != std::string::npos;
  };
  return contains(message) || std::any_of(details.begin(), details.end(), [&](const RefusalDetail& detail) {
           return contains(detail.message);
         });
}

RefusalAnswer read_refusal(const http::HttpResponse& response) {
  RefusalAnswer answer;
  const Json object = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return answer;
  answer.message = text_of(object, "message");
  const auto errors = object.find("errors");
  if (errors == object.end()) return answer;
  if (errors->is_string()) answer.details.push_back({"", "", "custom", one_line(errors->get<std::string>())});
  if (!errors->is_array()) return answer;
  for (const Json& entry : *errors) {
    if (entry.is_string()) {
      answer.details.push_back({"", "", "custom", one_line(entry.get<std::string>())});
    } else {
      answer.details.push_back({text_of(entry, "resource"), text_of(entry, "field"), text_of(entry, "code"),
                                text_of(entry, "message")});
    }
  }
  return answer;
}

Error explain_refusal(const http::HttpResponse& response, const RefusalContext& context, Timestamp now) {
  if (http::is_rate_limited(response)) return explain_rate_limit(response, context, now);
  const RefusalAnswer answer = read_refusal(response);
  const int status = response.status;
  if (status >= 500) {
    return Error(ErrorKind::Unavailable,
                 fmt::format("{} could not {} in {} (status {})", context.host, context.action,
                             context.repository, status),
                 "the server has a problem of its own; try again later");
  }
  if (status >= 300 && status < 400) {
    return Error(ErrorKind::External,
                 fmt::format("{} is not at this address of {} any more", context.repository, context.host),
                 "the repository was probably renamed: set the remote's new URL with `git remote set-url`");
  }
  switch (status) {
    case 401:
      return Error(ErrorKind::External,
                   fmt::format("{} does not accept the token from {}", context.host, context.token_source),
                   context.token_source == "gh auth token" ? "it may have expired: gh auth login"
                                                           : "it may have expired or been revoked: create a "
                                                             "new one, or remove it and use `gh auth login`");
    case 403:
      return explain_forbidden(response, answer, context);
    case 404:
      return Error(
          ErrorKind::External,
          fmt::format("{} does not exist on {}, or the token from {} cannot see it", context.repository,
                      context.host, context.token_source),
          fmt::format("check the remote's URL, and that the token covers {} with the permission \"{}\"",
                      context.repository, context.permission));
    case 410:
      return Error(
          ErrorKind::Refused,
          fmt::format("{} has switched off what is needed to {}", context.repository, context.action),
          "issues are switched on in the repository's settings; output = \"report\" needs none");
    case 422:
      return explain_unprocessable(answer, context);
    case 451:
      return Error(ErrorKind::External,
                   fmt::format("{} keeps {} closed for legal reasons", context.host, context.repository),
                   "the repository's page on the forge says more; changeling.forge = local works without it");
    default:
      return Error(ErrorKind::External,
                   fmt::format("{} refuses to {} in {} (status {}){}", context.host, context.action,
                               context.repository, status,
                               answer.message.empty() ? "" : fmt::format(": {}", answer.message)),
                   "check changeling.apiUrl and that the server speaks GitHub's REST API");
  }
}

}  // namespace changeling::forge
