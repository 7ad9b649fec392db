#include "http_client.h"

#include <array>
#include <new>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

template <auto Release>
struct Releaser {
    template <typename T>
    void operator()(T* handle) const {
        Release(handle);
    }
};

using Easy = std::unique_ptr<CURL, Releaser<curl_easy_cleanup>>;
using Url = std::unique_ptr<CURLU, Releaser<curl_url_cleanup>>;
using List = std::unique_ptr<curl_slist, Releaser<curl_slist_free_all>>;
using Text = std::unique_ptr<char, Releaser<curl_free>>;

/// Once in a process, before any thread asks.
void start_curl() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) throw Error(fmt::format("libcurl cannot start: {}", curl_easy_strerror(code)));
}

[[noreturn]] void fail_root(const std::string& root, const std::string& reason) {
    throw ConfigError(fmt::format(
        "root: expected an address such as \"http://localhost:9000\", got \"{}\": {}", root, reason));
}

Url parse(const std::string& text, const std::string& root) {
    Url url(curl_url());
    if (!url) throw std::bad_alloc();
    const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME);
    if (code != CURLUE_OK) fail_root(root, "it cannot be read");
    return url;
}

/// Empty if the address has none.
std::string part_of(const Url& url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK) return "";
    return Text(text).get();
}

void check_root(const std::string& text) {
    const Url root = parse(text, text);
    const std::string scheme = part_of(root, CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https") fail_root(text, "it is neither http nor https");
    if (part_of(root, CURLUPART_HOST).empty()) fail_root(text, "it names no host");
    if (!part_of(root, CURLUPART_USER).empty() || !part_of(root, CURLUPART_PASSWORD).empty())
        fail_root("...@" + part_of(root, CURLUPART_HOST),
                  "name and password belong into headers, for example { Authorization = \"Bearer ...\" }");
    if (text.find_first_of("?#") != std::string::npos) fail_root(text, "it has more than a host and a path");
}

Url address(const std::string& root, const std::string& path) {
    check_root(root);
    if (!path.starts_with('/'))
        throw ConfigError(
            fmt::format("path: expected one that begins with /, such as \"/publish\", got \"{}\"", path));
    return parse((root.ends_with('/') ? root.substr(0, root.size() - 1) : root) + path, root);
}

List header_list(const std::map<std::string, std::string>& headers) {
    List list;
    for (const auto& [name, value] : headers) {
        if (name.empty() || (name + value).find_first_of("\r\n") != std::string::npos)
            throw ConfigError(
                fmt::format("headers: \"{}\" is empty or has a line break in its name or value", name));
        const std::string line = value.empty() ? name + ";" : name + ": " + value;  // ";": without a value
        curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        static_cast<void>(list.release());
        list.reset(longer);
    }
    return list;
}

std::size_t ignore_answer(char* /*data*/, std::size_t size, std::size_t count, void* /*user*/) {
    return size * count;
}

/// Not 0 ends the post.
int stop_if_cancelled(void* flag, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<const std::atomic<bool>*>(flag) ? 1 : 0;
}

}  // namespace

struct HttpClient::Handles {
    Url url;
    List headers;
    Easy easy;
    std::array<char, CURL_ERROR_SIZE> problem{};
};

HttpClient::HttpClient(const Options& options)
    : address_(options.root + options.path),
      handles_(new Handles{
          .url = address(options.root, options.path), .headers = header_list(options.headers), .easy = {}}) {
    start_curl();
    handles_->easy.reset(curl_easy_init());
    CURL* const easy = handles_->easy.get();
    if (easy == nullptr) throw std::bad_alloc();
    curl_easy_setopt(easy, CURLOPT_CURLU, handles_->url.get());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, handles_->headers.get());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "lockstep");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, options.connect_timeout);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, options.timeout);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_answer);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, stop_if_cancelled);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &is_cancelled_);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, handles_->problem.data());
}

HttpClient::~HttpClient() = default;

void HttpClient::post(const std::string& body) {
    CURL* const easy = handles_->easy.get();
    handles_->problem.front() = '\0';
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    const CURLcode code = is_cancelled_ ? CURLE_OK : curl_easy_perform(easy);
    if (is_cancelled_) return;
    if (code != CURLE_OK) {
        const char* const detail = handles_->problem.data();
        throw IoError(fmt::format("{}: {}", address_, *detail != '\0' ? detail : curl_easy_strerror(code)));
    }
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status > 299)
        throw IoError(fmt::format("{}: the server answered with status {}", address_, status));
}

std::string HttpClient::escape(const std::string& text) {
    const Text escaped(curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())));
    if (!escaped) throw std::bad_alloc();
    return escaped.get();
}

}  // namespace lockstep
