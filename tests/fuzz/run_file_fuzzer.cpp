// A run log, as `lockstep inspect` shows it and as a resume continues it.
#include <chrono>
#include <filesystem>
#include <map>

#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>

#include "hostile_input.h"
#include "survive.h"

using namespace lockstep;

namespace {

const io::TableFile::Options kAtOnce{
    .flush_interval = std::chrono::hours(1), .final_wait = std::chrono::milliseconds(0), .append = true};

void write_sound(const std::string& file) {
    io::TableFile table(file, {});
    table.attribute("schema", "lockstep.run/1");
    table.attribute("job", std::string(40'000, 'j'));
    for (std::int64_t epoch = 0; epoch < 3; ++epoch)
        table.append("/epochs", {{"epoch", epoch}, {"loss", 0.5}});
    table.append("/ranks/info", {{"host", std::string("node07")}});
    table.close();
}

/// As training goes on.
void continue_run(const std::string& file) {
    io::TableFile table(file, kAtOnce);
    std::map<std::string, std::uint64_t> counts;
    for (const std::string& name : table.tables()) counts[name] = 2;
    table.truncate(std::move(counts));
    table.attribute("job", std::string(40'000, 'k'));
    table.describe("/epochs", "loss", "1", "mean loss of the epoch");
    table.append("/epochs", {{"epoch", std::int64_t{2}}, {"loss", 0.25}, {"accuracy", 0.5}});
    table.append("/ranks/info", {{"host", std::string("node08")}});
    table.close();
}

void read_file(const std::string& file) {
    fuzz::survive([&] { io::describe_file(file); });
    fuzz::survive([&] { io::verify_file(file); });
    const std::string pending = std::filesystem::path(file).replace_extension(".pending.h5");
    std::filesystem::copy_file(file, pending, std::filesystem::copy_options::overwrite_existing);
    fuzz::survive([&] { continue_run(file); });
    std::filesystem::remove(pending);
    fuzz::survive([&] { continue_run(file); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::HostileInput input(
        {"/epochs", "/epochs/epoch", "/epochs/loss", "/epochs/accuracy", "/epochs/more", "/ranks",
         "/ranks/info", "/ranks/info/host", "/text", "/text/schema", "/text/job", "/schema", "/first_row"},
        write_sound);
    input.run({data, size}, read_file);
    return 0;
}
