#include "store/record_merge.hpp"

#include <fmt/format.h>

#include "store/record_kinds.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

bool is_readable(std::string_view path, const std::string& text) {
  try {
    if (trim(text).empty()) return false;
    const RecordKind* const kind = record_kind_at(path);
    if (kind != nullptr && kind->check != nullptr) kind->check(text, path);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

std::string merge_fields(std::string_view path, const RecordVersions& versions) {
  const RecordKind* const kind = record_kind_at(path);
  return kind != nullptr && kind->merge != nullptr ? kind->merge(versions, path) : *versions.published;
}

}  // namespace

MergedRecord merge_record(std::string_view path, const RecordVersions& versions) {
  const auto& [base, ours, published] = versions;
  if (ours == published || published == base) return {ours, ""};
  if (ours == base) return {published, ""};
  if (!ours || !published) return {ours ? ours : published, ""};
  const bool ours_readable = is_readable(path, *ours);
  if (!ours_readable || !is_readable(path, *published)) {
    const bool take_ours = ours_readable;
    return {take_ours ? ours : published, fmt::format("{}: the {} record cannot be read and was left out",
                                                      path, take_ours ? "published" : "local")};
  }
  const bool base_readable = base && is_readable(path, *base);
  return {merge_fields(path, {base_readable ? base : std::nullopt, ours, published}), ""};
}

}  // namespace changeling::store
