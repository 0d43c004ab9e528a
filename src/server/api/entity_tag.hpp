#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changeling::server::api {

// Entity tags (RFC 9110, 8.8.3): "RECORD.BODY" for what shows a record, "BODY" for everything else. Both
// parts come from the content. If-None-Match looks at the whole; If-Match looks at the record alone, because
// what others have added around it (a task that waits for this one) is no reason to refuse a write.

/// The part of a tag that stands for a record.
std::string record_tag(std::string_view record);
/// The tag with its quotes.
std::string entity_tag(const std::optional<std::string>& record, std::string_view body);
/// The tag of the same in gzip.
std::string compressed_tag(std::string_view tag);

/// Whether one of the tags in the header, or "*", is this one, in whatever coding.
bool is_known(std::string_view if_none_match, std::string_view tag);
/// Whether If-Match allows a write of this record; nothing: there is none.
bool allows(std::string_view if_match, const std::optional<std::string>& record);
/// The first record's tag that the header names; "" for none.
std::string first_record_tag(std::string_view if_match);

}  // namespace changeling::server::api
