#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

namespace changeling::http {

/// The functions of libcurl that are used, found at run time. The headers give the types, so that a changed
/// signature is an error of the compiler.
struct CurlLibrary {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_multi_init) multi_init = nullptr;
  decltype(&curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&curl_multi_perform) multi_perform = nullptr;
  decltype(&curl_multi_poll) multi_poll = nullptr;
  decltype(&curl_multi_info_read) multi_info_read = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
};

/// Opened once and never closed: OpenSSL below it registers handlers that run at the end of the process.
/// Throws Error(Unavailable) that says what to install.
const CurlLibrary& curl_library();

using CurlHandle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void append_to(CurlList& list, const std::string& line, const CurlLibrary& curl);

/// Scheme, host and port, which is what a message needs; never the path, a query or user information.
std::string origin_of(std::string_view url);

}  // namespace changeling::http
