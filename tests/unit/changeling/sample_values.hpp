#pragma once

#include "changeling/fields.hpp"

/// A value for each field that differs from the default and that the field's check accepts.
inline changeling::FieldValue sample_value(const changeling::FieldSpec& field) {
  using List = std::vector<std::string>;
  using Map = std::map<std::string, std::string>;
  static const std::map<std::string_view, changeling::FieldValue> special = {
      {"schedule", "30 3 * * 1-5"},
      {"timezone", "Europe/Berlin"},
      {"branch", "release/1.x"},
      {"on", List{"post-merge", "webhook:ci"}},
      {"path", List{"docs/**", "*.md"}},
      {"prompt", "First line.\nSecond \"line\".\n"},
      {"secrets", List{"OPENAI_API_KEY", "_x1"}},
      {"env", Map{{"LANG", "C.UTF-8"}, {"QUOTED", "say \"hi\" = \\o/"}}},
      {"reviewers", List{"alice", "org/team"}},
      {"enabled", false},
      {"silence_timeout", "0s"},
      {"network", List{"api.example.com", "*.example.org", "localhost:8080"}},
      {"sandbox_read", List{"/srv/models"}},
      {"agents", List{"planning", "my-own"}},
      {"skills", List{"question-asking"}},
      {"sandbox_write", List{"~/.cache/some tool"}},
  };
  if (const auto found = special.find(field.key); found != special.end()) return found->second;
  switch (field.kind) {
    case changeling::FieldKind::Text:
      return std::string("some-") + std::string(field.key);
    case changeling::FieldKind::Boolean:
      return true;
    case changeling::FieldKind::Integer:
      return std::int64_t{7};
    case changeling::FieldKind::Money:
      return 2.5;
    case changeling::FieldKind::TimeSpan:
      return std::string("1h30m");
    case changeling::FieldKind::Choice:
      return std::string(field.choices.back());
    case changeling::FieldKind::TextList:
      return List{"one", "two words"};
    case changeling::FieldKind::TextMap:
      break;
  }
  return Map{{"KEY", "value"}};
}
