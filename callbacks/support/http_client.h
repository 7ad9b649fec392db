#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

namespace lockstep {

/// Posts to one address of an HTTP server, and to no other: no redirects, no proxies of the environment. One
/// thread at a time may post.
class HttpClient {
public:
    struct Options {
        std::string root;  // "https://host:9000"
        std::string path;  // "/publish"
        std::map<std::string, std::string> headers = {};
        long connect_timeout = 5;  // s
        long timeout = 10;         // s, of a whole post
    };

    /// Opens no connection. Throws ConfigError if root and path make no http or https address of the host
    /// that root names, or a header contains a line break.
    explicit HttpClient(const Options& options);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Returns when the server has answered with a status of 200 to 299. Throws IoError naming the address if
    /// it does not, or not in time.
    void post(const std::string& body);
    /// From any thread: a post under way returns within a second or two, later ones at once, and none throws.
    void cancel() { is_cancelled_ = true; }

    /// `text` with all but letters, digits and -._~ as %XX.
    static std::string escape(const std::string& text);

private:
    struct Handles;
    std::string address_;
    std::unique_ptr<Handles> handles_;
    std::atomic<bool> is_cancelled_ = false;
};

}  // namespace lockstep
