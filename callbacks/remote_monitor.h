#pragma once

#include <map>
#include <memory>
#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// Posts the logs of every epoch to a server, as JSON: {"epoch": 0, "loss": 0.5, ...}; the epoch counts from
/// 0, and what is not finite is the text "NaN", "Infinity" or "-Infinity".
///
/// A thread of its own posts, so that training never waits: a server that takes longer than 5 s to connect or
/// 10 s in all has failed, as has one that answers with a redirect or an error. Failures give one warning,
/// and no second attempt. What is left at the end of training has 10 s. Proxies of the environment are not
/// used.
class RemoteMonitor final : public Callback {
public:
    struct Options {
        std::string root = "http://localhost:9000";
        std::string path = "/publish/epoch/end/";
        std::string field = "data";  // of the form that holds the JSON
        std::map<std::string, std::string> headers = {};
        bool send_as_json = false;  // the JSON alone, as application/json
    };

    /// Throws ConfigError if root and path make no http or https address, or a header has a line break.
    explicit RemoteMonitor(Options options);
    ~RemoteMonitor() override;

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    void on_train_begin(const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_end(const Logs& logs) override;
    void on_exception(const std::exception& error) noexcept override;

private:
    struct Connection;

    std::string body(int epoch, const Logs& logs) const;

    Options options_;
    std::unique_ptr<Connection> connection_;  // null between runs
};

}  // namespace lockstep
