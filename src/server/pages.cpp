#include "server/pages.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string>

#include "server/api/compression.hpp"
#include "server/api/entity_tag.hpp"
#include "support/embedded_file.hpp"

namespace changeling {

std::span<const EmbeddedFile> web_files();

namespace server {
namespace {

enum class Audience { Everybody, LoggedIn };

struct Page {
  std::string_view path;
  std::string_view file;
  std::string_view type;
  Audience audience = Audience::Everybody;
};

constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::string_view css = "text/css; charset=utf-8";
constexpr std::string_view script = "text/javascript; charset=utf-8";

constexpr std::array pages{
    Page{"/login", "login.html", html},
    Page{"/login.css", "login.css", css},
    Page{"/login.js", "login.js", script},
    Page{"/licences.txt", "licences.txt", "text/plain; charset=utf-8"},
    Page{"/icon.svg", "icon.svg", "image/svg+xml"},
    Page{"/", "index.html", html, Audience::LoggedIn},
    Page{"/app.css", "app.css", css, Audience::LoggedIn},
    Page{"/app.js", "app.js", script, Audience::LoggedIn},
};

const Page* find_page(std::string_view path) {
  const auto found =
      std::find_if(pages.begin(), pages.end(), [path](const Page& one) { return one.path == path; });
  return found == pages.end() ? nullptr : &*found;
}

struct Content {
  std::string_view plain;
  std::string_view gzip;  ///< Made when the program was built; empty where it would not be smaller.
  std::string tag;
};

std::map<std::string_view, Content> read_contents() {
  constexpr std::string_view suffix = ".gz";
  std::map<std::string_view, Content> found;
  for (const EmbeddedFile& file : web_files()) {
    const std::string_view name = file.name;
    if (name.ends_with(suffix)) {
      found[name.substr(0, name.size() - suffix.size())].gzip = file.content;
    } else {
      found[name].plain = file.content;
      found[name].tag = api::entity_tag(std::nullopt, file.content);
    }
  }
  for (auto& [name, content] : found) {
    if (content.gzip.size() >= content.plain.size()) content.gzip = {};
  }
  return found;
}

/// Empty for a part of the dashboard that this program was built without.
const Content& content_of(std::string_view file) {
  static const std::map<std::string_view, Content> all = read_contents();
  static const Content nothing{"", "", api::entity_tag(std::nullopt, "")};
  const auto found = all.find(file);
  return found == all.end() ? nothing : found->second;
}

}  // namespace

bool is_page(std::string_view path) {
  return find_page(path) != nullptr;
}

bool is_public_page(std::string_view path) {
  const Page* found = find_page(path);
  return found != nullptr && found->audience == Audience::Everybody;
}

Response page(std::string_view path, const Headers& asked) {
  const Page& wanted = *find_page(path);
  const Content& content = content_of(wanted.file);
  Response response;
  response.content_type = wanted.type;
  response.headers = {{"cache-control", "no-cache"}, {"vary", "Accept-Encoding"}, {"etag", content.tag}};
  const auto known = asked.find("if-none-match");
  const auto accepted = asked.find("accept-encoding");
  const bool small = accepted != asked.end() && api::takes_gzip(accepted->second) && !content.gzip.empty();
  if (small) {
    response.headers["etag"] = api::compressed_tag(content.tag);
    response.headers["content-encoding"] = "gzip";
  }
  if (known != asked.end() && api::is_known(known->second, content.tag)) {
    response.headers.erase("content-encoding");
    response.status = 304;
    return response;
  }
  response.body = std::string(small ? content.gzip : content.plain);
  return response;
}

}  // namespace server
}  // namespace changeling
