#include "server/api/entity_tag.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling::server::api {
namespace {

constexpr std::size_t tag_length = 32;
constexpr std::string_view gzip_mark = "-gzip";

/// The tags without quotes, weakness and coding. A proxy that compresses makes a strong tag weak.
std::vector<std::string> tags_in(std::string_view header) {
  std::vector<std::string> tags;
  for (const std::string& item : split(header, ',')) {
    std::string_view tag = trim(item);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag.size() >= 2 && tag.starts_with('"') && tag.ends_with('"')) tag = tag.substr(1, tag.size() - 2);
    if (tag.ends_with(gzip_mark)) tag.remove_suffix(gzip_mark.size());
    if (!tag.empty()) tags.emplace_back(tag);
  }
  return tags;
}

}  // namespace

std::string record_tag(std::string_view record) {
  return sha256_hex(record).substr(0, tag_length);
}

std::string entity_tag(const std::optional<std::string>& record, std::string_view body) {
  const std::string of_body = record_tag(body);
  return record ? fmt::format("\"{}.{}\"", record_tag(*record), of_body) : fmt::format("\"{}\"", of_body);
}

std::string compressed_tag(std::string_view tag) {
  return fmt::format("{}{}\"", tag.substr(0, tag.size() - 1), gzip_mark);
}

bool is_known(std::string_view if_none_match, std::string_view tag) {
  const auto known = tags_in(if_none_match);
  const auto own = tags_in(tag);
  return std::any_of(known.begin(), known.end(),
                     [&](const std::string& one) { return one == "*" || one == own.front(); });
}

bool allows(std::string_view if_match, const std::optional<std::string>& record) {
  if (!record) return false;
  const auto tags = tags_in(if_match);
  return std::any_of(tags.begin(), tags.end(), [&](const std::string& tag) {
    return tag == "*" || tag.substr(0, tag.find('.')) == record_tag(*record);
  });
}

std::string first_record_tag(std::string_view if_match) {
  const auto tags = tags_in(if_match);
  return tags.empty() || tags.front() == "*" ? "" : tags.front().substr(0, tags.front().find('.'));
}

}  // namespace changeling::server::api
