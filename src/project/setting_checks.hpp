#pragma once

#include <cstdint>
#include <string>

#include "git/repository.hpp"

namespace changeling::project {

// What the table of settings (settings.cpp) checks its values with. Each throws Error(Invalid) that says what
// is allowed, without naming the key.

bool parsed_switch(const std::string& value);
std::int64_t parsed_count(const std::string& value);
double parsed_money(const std::string& value);

void any_text(const git::Repository& repository, const std::string& value);
void is_branch(const git::Repository& repository, const std::string& value);
void is_branch_prefix(const git::Repository& repository, const std::string& value);
void is_count(const git::Repository& repository, const std::string& value);
void is_duration(const git::Repository& repository, const std::string& value);
void is_forge(const git::Repository& repository, const std::string& value);
void is_host(const git::Repository& repository, const std::string& value);
void is_lease(const git::Repository& repository, const std::string& value);
void is_mail_address(const git::Repository& repository, const std::string& value);
void is_mail_server(const git::Repository& repository, const std::string& value);
void is_money(const git::Repository& repository, const std::string& value);
void is_notified_word(const git::Repository& repository, const std::string& value);
void is_page_address(const git::Repository& repository, const std::string& value);
void is_posting_address(const git::Repository& repository, const std::string& value);
void is_proxy(const git::Repository& repository, const std::string& value);
void is_reference(const git::Repository& repository, const std::string& value);
void is_remote(const git::Repository& repository, const std::string& value);
void is_role_label(const git::Repository& repository, const std::string& value);
void is_sandbox_word(const git::Repository& repository, const std::string& value);
void is_switch(const git::Repository& repository, const std::string& value);
void is_unpushed_policy(const git::Repository& repository, const std::string& value);

}  // namespace changeling::project
