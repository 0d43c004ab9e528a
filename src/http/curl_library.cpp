#include "http/curl_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <new>

#include "support/error.hpp"

namespace changeling::http {
namespace {

template <typename Function>
void find_function(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) {
    throw Error(ErrorKind::Unavailable, fmt::format("libcurl.so.4 has no function {}", name),
                "install a current libcurl4 (apt-get install libcurl4)");
  }
}

CurlLibrary open_library() {
  void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = dlerror();
    throw Error(ErrorKind::Unavailable,
                fmt::format("libcurl cannot be loaded: {}", reason == nullptr ? "unknown reason" : reason),
                "install it (apt-get install libcurl4)");
  }
  CurlLibrary curl;
  find_function(library, "curl_global_init", curl.global_init);
  find_function(library, "curl_easy_init", curl.easy_init);
  find_function(library, "curl_easy_cleanup", curl.easy_cleanup);
  find_function(library, "curl_easy_setopt", curl.easy_setopt);
  find_function(library, "curl_easy_perform", curl.easy_perform);
  find_function(library, "curl_multi_init", curl.multi_init);
  find_function(library, "curl_multi_cleanup", curl.multi_cleanup);
  find_function(library, "curl_multi_add_handle", curl.multi_add_handle);
  find_function(library, "curl_multi_remove_handle", curl.multi_remove_handle);
  find_function(library, "curl_multi_perform", curl.multi_perform);
  find_function(library, "curl_multi_poll", curl.multi_poll);
  find_function(library, "curl_multi_info_read", curl.multi_info_read);
  find_function(library, "curl_easy_getinfo", curl.easy_getinfo);
  find_function(library, "curl_easy_strerror", curl.easy_strerror);
  find_function(library, "curl_slist_append", curl.slist_append);
  find_function(library, "curl_slist_free_all", curl.slist_free_all);
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    throw Error(ErrorKind::Unavailable, "libcurl cannot be initialised");
  }
  return curl;
}

}  // namespace

const CurlLibrary& curl_library() {
  static const CurlLibrary curl = open_library();
  return curl;
}

void append_to(CurlList& list, const std::string& line, const CurlLibrary& curl) {
  curl_slist* longer = curl.slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

std::string origin_of(std::string_view url) {
  const auto scheme = url.find("://");
  const std::size_t start = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto end = url.find_first_of("/?#", start);
  std::string_view authority = url.substr(start, end == std::string_view::npos ? end : end - start);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  return fmt::format("{}{}", url.substr(0, start), authority);
}

}  // namespace changeling::http
