#include "project/spread.hpp"

#include "support/text.hpp"

namespace changeling::project {
namespace {

/// What comes after the host of a URL or of git's short form "host:path"; a folder's path as it is.
std::string_view path_of(std::string_view url) {
  if (const auto scheme_end = url.find("://"); scheme_end != std::string_view::npos) {
    const std::string_view rest = url.substr(scheme_end + 3);
    const auto slash = rest.find('/');
    return slash == std::string_view::npos ? "" : rest.substr(slash);
  }
  // git's rule: it is an address of another machine when a colon comes before the first slash.
  const auto colon = url.find(':');
  return colon == std::string_view::npos || url.find('/') < colon ? url : url.substr(colon + 1);
}

}  // namespace

std::string shared_part(std::string_view url) {
  std::vector<std::string> parts;
  for (std::string& part : split(to_lower(path_of(url)), '/')) {
    if (!part.empty()) parts.push_back(std::move(part));
  }
  if (parts.empty()) return "";
  constexpr std::string_view suffix = ".git";
  std::string& last = parts.back();
  if (last == suffix && parts.size() > 1) {
    parts.pop_back();
  } else if (last.ends_with(suffix)) {
    last.resize(last.size() - suffix.size());
  }
  return parts.size() == 1 ? parts.back() : parts[parts.size() - 2] + "/" + parts.back();
}

std::string spread_seed(Project& project, const std::string& name) {
  std::string repository;
  if (!project.remote().empty()) {
    repository = shared_part(project.repository().remote_url(project.remote()).value_or(""));
  }
  if (repository.empty()) repository = project.repository().display_name();
  return repository + "/" + name;
}

schedule::CronExpression schedule_of(Project& project, const Definition& definition) {
  schedule::CronExpression expression = schedule::CronExpression::parse(definition.schedule);
  return expression.is_open() ? expression.spread(spread_seed(project, definition.name)) : expression;
}

}  // namespace changeling::project
