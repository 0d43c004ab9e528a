#include "webhooks/mapping.hpp"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <utility>

#include "support/json.hpp"
#include "support/marked_text.hpp"
#include "support/text.hpp"
#include "webhooks/sources.hpp"

namespace changeling::webhooks {
namespace {

constexpr std::size_t longest_value = std::size_t{16} * 1024;
constexpr std::size_t longest_title = 200;

struct UsualPlaces {
  std::string_view name;
  std::array<std::string_view, 7> pointers;  ///< The first that is there counts.
};

/// Of all sources: what one of them calls so, no other calls otherwise.
constexpr std::array usual_places{
    UsualPlaces{"title",
                {"/issue/title", "/pull_request/title", "/discussion/title", "/object_attributes/title",
                 "/issue/fields/summary", "/data/title", "/title"}},
    UsualPlaces{"text",
                {"/comment/body", "/review/body", "/issue/body", "/pull_request/body",
                 "/object_attributes/description", "/event/text", "/text"}},
    UsualPlaces{"url",
                {"/comment/html_url", "/review/html_url", "/issue/html_url", "/pull_request/html_url",
                 "/object_attributes/url", "/data/url", "/url"}},
    UsualPlaces{"number",
                {"/issue/number", "/pull_request/number", "/object_attributes/iid", "/issue/key",
                 "/data/identifier", "/number", ""}},
    UsualPlaces{"actor", {"/sender/login", "/user/username", "/user/displayName", "/event/user", "", "", ""}},
};

std::string cut(std::string text) {
  if (text.size() <= longest_value) return valid_utf8(text);
  text.resize(longest_value);
  text.resize(whole_characters(text));
  return valid_utf8(text) + "\n[the rest is too long]";
}

void add(Values& values, const std::string& name, const Json& payload, std::string_view pointer) {
  if (auto text = text_at(payload, pointer)) values.emplace(name, cut(std::move(*text)));
}

/// Calls back for each part of a template: text as it is, or what stands in braces.
void each_part(std::string_view pattern, const std::function<void(std::string_view, bool in_braces)>& take) {
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    const auto close = open == pattern.npos ? open : pattern.find('}', open);
    if (close == pattern.npos) return take(pattern, false);
    take(pattern.substr(0, open), false);
    take(pattern.substr(open + 1, close - open - 1), true);
    pattern.remove_prefix(close + 1);
  }
}

std::string looked_up(std::string_view name, const Values& values, const Json& payload) {
  if (name.starts_with('/')) return cut(text_at(payload, name).value_or(""));
  const auto found = values.find(std::string(name));
  return found == values.end() ? "" : found->second;
}

std::string lines_of(const Values& values) {
  std::string text;
  for (const auto& [name, value] : values) {
    const bool is_one_line = value.find('\n') == std::string::npos;
    text += fmt::format("{}:{}{}\n", name, is_one_line ? " " : "\n", value);
  }
  return text;
}

bool says_something(const Values& values) {
  for (const auto& [name, value] : values) {
    if (name != "event" && name != "webhook" && name != "delivery" && name != "actor") return true;
  }
  return false;
}

}  // namespace

Values values_of(const store::WebhookRecord& webhook, std::string_view event, std::string_view delivery,
                 const Json& payload) {
  Values values;
  for (const auto& [name, pointer] : webhook.mapping) add(values, name, payload, pointer);
  if (webhook.mapping.empty()) {
    for (const UsualPlaces& usual : usual_places) {
      for (const std::string_view pointer : usual.pointers)
        if (!values.contains(std::string(usual.name))) add(values, std::string(usual.name), payload, pointer);
    }
  }
  values.emplace("event", event);
  values.emplace("webhook", webhook.name);
  values.emplace("delivery", cut(std::string(delivery)));
  return values;
}

std::vector<std::string> usual_names() {
  std::vector<std::string> names;
  for (const UsualPlaces& usual : usual_places) names.emplace_back(usual.name);
  return names;
}

std::string filled(std::string_view pattern, const Values& values, const Json& payload) {
  std::string text;
  each_part(pattern, [&](std::string_view part, bool in_braces) {
    text += in_braces ? looked_up(part, values, payload) : std::string(part);
  });
  return text;
}

std::vector<std::string> names_in(std::string_view pattern) {
  std::vector<std::string> names;
  each_part(pattern, [&](std::string_view part, bool in_braces) {
    if (in_braces) names.emplace_back(part);
  });
  return names;
}

std::string title_from(const store::WebhookRecord& webhook, const Values& values, const Json& payload) {
  const std::string title = filled(webhook.task, values, payload);
  const std::string line(trim(plain_line(without_controls(title), longest_title)));
  return line.empty() ? fmt::format("A delivery of {}", webhook.name) : line;
}

std::string description_from(const store::WebhookRecord& webhook, const Values& values, const Json& payload) {
  if (webhook.description.empty()) return plain_text(occasion_from(values, payload));
  return plain_text(cut(filled(webhook.description, values, payload)));
}

std::string occasion_from(const Values& values, const Json& payload) {
  std::string text = lines_of(values);
  if (!says_something(values)) text += fmt::format("payload:\n{}\n", cut(json_text(payload, 1)));
  return text;
}

}  // namespace changeling::webhooks
