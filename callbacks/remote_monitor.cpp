#include <algorithm>
#include <chrono>
#include <utility>

#include <strings.h>

#include <lockstep/callbacks/remote_monitor.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/from_config.h"
#include "support/http_client.h"
#include "support/post_queue.h"

namespace lockstep {

namespace {

constexpr std::size_t kCapacity = 64;  // epochs that may wait for the server
constexpr std::chrono::seconds kLastWait{10};

/// Names of headers have no case.
bool has_content_type(const std::map<std::string, std::string>& headers) {
    return std::ranges::any_of(
        headers, [](const auto& header) { return strcasecmp(header.first.c_str(), "Content-Type") == 0; });
}

HttpClient::Options client_options(const RemoteMonitor::Options& options) {
    HttpClient::Options wishes{.root = options.root, .path = options.path, .headers = options.headers};
    if (options.send_as_json && !has_content_type(options.headers))
        wishes.headers.emplace("Content-Type", "application/json");
    return wishes;
}

}  // namespace

struct RemoteMonitor::Connection {
    HttpClient client;
    PostQueue queue{"remote_monitor", kCapacity, [this](const std::string& body) { client.post(body); }};

    explicit Connection(const Options& options) : client(client_options(options)) {}
    ~Connection() { client.cancel(); }
};

/// A client that nobody uses finds what is wrong with the address.
RemoteMonitor::RemoteMonitor(Options options) : options_(std::move(options)) {
    try {
        const HttpClient trial(client_options(options_));
    } catch (const ConfigError& error) {
        throw ConfigError(std::string("remote_monitor: ") + error.what());
    }
    if (options_.field.empty() && !options_.send_as_json)
        throw ConfigError("remote_monitor: field is empty; for example field = \"data\"");
}

RemoteMonitor::~RemoteMonitor() = default;

void RemoteMonitor::on_train_begin(const Logs& /*logs*/) {
    connection_ = std::make_unique<Connection>(options_);
}

void RemoteMonitor::on_epoch_end(int epoch, const Logs& logs) {
    connection_->queue.push(body(epoch, logs));
}

std::string RemoteMonitor::body(int epoch, const Logs& logs) const {
    Config values = Config::table({{"epoch", epoch}});
    for (const auto& [key, value] : logs.entries()) values.set(key, value);
    const std::string json = values.to_json();
    return options_.send_as_json ? json : HttpClient::escape(options_.field) + "=" + HttpClient::escape(json);
}

void RemoteMonitor::on_train_end(const Logs& /*logs*/) {
    const std::size_t left = connection_->queue.drain(kLastWait);
    if (left > 0) log::warning("remote_monitor: {} messages were not sent before training ended", left);
    connection_.reset();
}

void RemoteMonitor::on_exception(const std::exception& /*error*/) noexcept {
    connection_.reset();
}

const TypeHelp& RemoteMonitor::help() {
    static const TypeHelp help{
        .summary = "posts the logs of every epoch to a server",
        .keys = {{"root", "\"http://localhost:9000\"", "http or https, host and port"},
                 {"path", "\"/publish/epoch/end/\"", "what follows the root"},
                 {"field", "\"data\"", "field of the form that holds the JSON"},
                 {"headers", "none", "a table of HTTP headers: { Authorization = \"Bearer ...\" }"},
                 {"send_as_json", "false", "post the JSON itself, as application/json"}}};
    return help;
}

std::unique_ptr<Callback> RemoteMonitor::from_config(const Config& keys) {
    Options options;
    options.root = keys.get("root", options.root);
    options.path = keys.get("path", options.path);
    options.field = keys.get("field", options.field);
    options.send_as_json = keys.get("send_as_json", options.send_as_json);
    const Config headers = keys.find("headers");
    for (const std::string& name : headers.keys()) options.headers[name] = headers.get<std::string>(name);
    return construct_from<RemoteMonitor>(keys, std::move(options));
}

}  // namespace lockstep
