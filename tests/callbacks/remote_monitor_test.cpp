#include <chrono>
#include <cmath>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lockstep/callbacks/remote_monitor.h>
#include <lockstep/core/error.h>

#include "fake_run.h"
#include "support/http_client.h"
#include "support/post_queue.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// http_server.py, as long as this lives.
class Server {
public:
    explicit Server(std::filesystem::path folder) : folder_(std::move(folder)) {
        std::filesystem::create_directories(folder_);
        process_ = fork();
        if (process_ != 0) return;
        execlp("python3", "python3", HTTP_SERVER, folder_.c_str(), nullptr);
        _exit(127);
    }
    ~Server() {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::string root() const { return "http://127.0.0.1:" + wait_for("port"); }
    /// `number` from 1.
    Config request(int number) const { return Config::from_json(wait_for(name(number))); }
    bool has_request(int number) const { return std::filesystem::exists(folder_ / name(number)); }

private:
    static std::string name(int number) { return "request-" + std::to_string(number) + ".json"; }

    std::string wait_for(const std::string& name) const {
        for (int tries = 0; tries < 3000 && !std::filesystem::exists(folder_ / name); ++tries) {
            if (has_ended()) throw std::runtime_error("http_server.py has ended");
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        std::ostringstream text;
        text << std::ifstream(folder_ / name).rdbuf();
        return text.str();
    }

    bool has_ended() const {
        siginfo_t info{};
        return waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               info.si_pid != 0;
    }

    std::filesystem::path folder_;
    pid_t process_;
};

class RemoteMonitorTest : public CallbackTest {
protected:
    /// A run of so many epochs; what it logged.
    std::string train(RemoteMonitor::Options options, int epochs, const Logs& logs) {
        RemoteMonitor& callback = make<RemoteMonitor>(std::move(options));
        testing::internal::CaptureStderr();
        callback.on_train_begin({});
        for (int epoch = 0; epoch < epochs; ++epoch) callback.on_epoch_end(epoch, logs);
        callback.on_train_end({});
        return testing::internal::GetCapturedStderr();
    }
};

TEST_F(RemoteMonitorTest, PostsAFormAsKerasDoes) {
    const Server server(path("server"));
    const std::string log = train({.root = server.root()}, 2, make_logs({{"loss", 0.5}, {"val_a&b", 1}}));
    const Config second = server.request(2);
    EXPECT_EQ(second.get<std::string>("method"), "POST");
    EXPECT_EQ(second.get<std::string>("path"), "/publish/epoch/end/");
    EXPECT_EQ(second.at("headers").get<std::string>("content-type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(second.get<std::string>("body"),
              "data=%7B%22epoch%22%3A1%2C%22loss%22%3A0.5%2C%22val_a%26b%22%3A1.0%7D");
    EXPECT_EQ(log, "");
}

TEST_F(RemoteMonitorTest, PostsJson) {
    const Server server(path("server"));
    train({.root = server.root() + "/", .path = "/x", .headers = {{"X-Run", "7"}}, .send_as_json = true}, 1,
          make_logs({{"loss", std::nan("")}}));
    const Config request = server.request(1);
    EXPECT_EQ(request.get<std::string>("path"), "/x");
    EXPECT_EQ(request.at("headers").get<std::string>("content-type"), "application/json");
    EXPECT_EQ(request.at("headers").get<std::string>("x-run"), "7");
    const Config body = Config::from_json(request.get<std::string>("body"));
    EXPECT_EQ(body.get<int>("epoch"), 0);
    EXPECT_TRUE(std::isnan(body.get<double>("loss")));
}

TEST_F(RemoteMonitorTest, GoesAroundProxies) {
    const Server server(path("server"));
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    const std::string log = train({.root = server.root()}, 1, {});
    unsetenv("http_proxy");
    EXPECT_EQ(log, "");
    EXPECT_TRUE(server.has_request(1));
}

TEST_F(RemoteMonitorTest, AServerThatFailsGivesOneWarning) {
    const Server server(path("server"));
    const std::string log = train({.root = server.root(), .path = "/status/503"}, 3, {});
    EXPECT_THAT(log, HasSubstr("status 503"));
    EXPECT_EQ(log.find("warning"), log.rfind("warning"));
    EXPECT_TRUE(server.has_request(3));
}

TEST_F(RemoteMonitorTest, FollowsNoRedirect) {
    const Server server(path("server"));
    EXPECT_THAT(train({.root = server.root(), .path = "/redirect"}, 1, {}), HasSubstr("status 302"));
    EXPECT_TRUE(server.has_request(1));
    EXPECT_FALSE(server.has_request(2));
}

// Nobody listens on the port of a server that is gone.
TEST_F(RemoteMonitorTest, TrainingGoesOnWithoutAServer) {
    std::string root;
    {
        const Server server(path("server"));
        root = server.root();
    }
    EXPECT_THAT(train({.root = root}, 2, {}), HasSubstr(root + "/publish/epoch/end/: "));
}

TEST_F(RemoteMonitorTest, ASilentServerHoldsNobodyUp) {
    const Server server(path("server"));
    RemoteMonitor& callback = make<RemoteMonitor>({.root = server.root(), .path = "/silence"});
    callback.on_train_begin({});
    for (int epoch = 0; epoch < 3; ++epoch) callback.on_epoch_end(epoch, {});
    server.request(1);  // it has come, and waits for an answer
    testing::internal::CaptureStderr();
    callback.on_exception(Error("interrupted"));
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    EXPECT_FALSE(server.has_request(2));
}

TEST_F(RemoteMonitorTest, APostUnderWayCanBeGivenUp) {
    const Server server(path("server"));
    HttpClient client({.root = server.root(), .path = "/silence", .timeout = 3600});
    auto post = std::async(std::launch::async, [&] { client.post("text"); });
    server.request(1);
    client.cancel();
    post.get();
}

TEST_F(RemoteMonitorTest, TalksToTheHostOfTheRootOnly) {
    for (const char* root : {"", "localhost", "ftp://localhost", "file:///etc/passwd", "http://",
                             "http://a?b", "http://a#b", "http://name:secret@host"})
        EXPECT_THROW(RemoteMonitor({.root = root}), ConfigError) << root;
    for (const char* path : {"", "x", "@elsewhere/", ".elsewhere/"})
        EXPECT_THROW(RemoteMonitor({.path = path}), ConfigError) << path;
    EXPECT_THROW(RemoteMonitor({.headers = {{"X-Run", "7\r\nX-Other: 8"}}}), ConfigError);
    EXPECT_THAT(error_of<ConfigError>([] { RemoteMonitor({.root = "http://name:secret@host"}); }),
                Not(HasSubstr("secret")));
}

TEST_F(RemoteMonitorTest, ReadsItsKeys) {
    const Server server(path("server"));
    Config keys = Config::from_json(R"({"path": "/p", "field": "f f", "headers": {"X-Run": "7"}})");
    keys.set("root", server.root());
    const auto callback = RemoteMonitor::from_config(keys);
    keys.reject_unknown_keys();
    callback->attach(&run);
    callback->on_train_begin({});
    callback->on_epoch_end(0, {});
    callback->on_train_end({});
    EXPECT_EQ(server.request(1).get<std::string>("body"), "f%20f=%7B%22epoch%22%3A0%7D");
    EXPECT_EQ(server.request(1).at("headers").get<std::string>("x-run"), "7");
}

TEST(PostQueue, DropsTheOldestWithOneWarning) {
    std::promise<void> begun, go;
    std::vector<std::string> sent;
    testing::internal::CaptureStderr();
    {
        PostQueue queue("test", 2, [&](const std::string& text) {
            if (sent.empty()) {
                begun.set_value();
                go.get_future().wait();
            }
            sent.push_back(text);
        });
        queue.push("1");
        begun.get_future().wait();
        for (const char* text : {"2", "3", "4", "5"}) queue.push(text);
        EXPECT_EQ(queue.drain(std::chrono::milliseconds(1)), 3U);
        go.set_value();
        EXPECT_EQ(queue.drain(std::chrono::minutes(1)), 0U);
    }
    EXPECT_THAT(sent, ElementsAre("1", "4", "5"));
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_THAT(log, HasSubstr("test: more than 2 messages wait"));
    EXPECT_EQ(log.find("warning"), log.rfind("warning"));
}

}  // namespace
}  // namespace lockstep
