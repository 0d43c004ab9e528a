#pragma once

#include "changeling/fields.hpp"

// The rules of the single fields, for the table in fields.cpp. Each takes a value of the field's kind and
// throws Error(Invalid) that says what is wrong and what is allowed, without naming the field.
namespace changeling::field_checks {

void single_line(const FieldValue& value);
void name(const FieldValue& value);
void branch(const FieldValue& value);
void schedule(const FieldValue& value);
void time_zone(const FieldValue& value);
void events(const FieldValue& value);
void path_globs(const FieldValue& value);
void copied_paths(const FieldValue& value);
void environment(const FieldValue& value);
void secrets(const FieldValue& value);
/// Of sub-agents and skills.
void helper_names(const FieldValue& value);
/// Of a folder inside the worktree.
void inner_path(const FieldValue& value);
void labels(const FieldValue& value);
void reviewers(const FieldValue& value);
void time_limit(const FieldValue& value);
void optional_time_limit(const FieldValue& value);
/// Names of hosts, without "full" and "none".
void hosts(const FieldValue& value);
void network(const FieldValue& value);
/// Absolute, or below the home with "~/".
void outside_paths(const FieldValue& value);
void not_negative(const FieldValue& value);
void at_least_one(const FieldValue& value);

}  // namespace changeling::field_checks
