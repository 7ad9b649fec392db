#pragma once

#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <lockstep/io/array_reader.h>
#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>

#include "fake_run.h"

namespace lockstep {

/// Tests of callbacks that add tables to run.h5.
class RunFileTest : public CallbackTest {
protected:
    ~RunFileTest() override { run.share_run_file(nullptr); }  // its directory goes next

    /// What RunLogger does when training starts.
    void open_run_file() {
        run.share_run_file(
            std::make_shared<io::TableFile>(path("run.h5").string(), io::TableFile::Options{}));
    }
    /// And when it ends: now the functions below may look at it.
    void close_run_file() {
        run.run_file_now->close();
        run.share_run_file(nullptr);
    }

    /// All values of a column in row-major order.
    std::vector<float> column(const std::string& name) const {
        const io::ArrayReader reader(path("run.h5").string(), name, {});
        std::vector<std::uint64_t> rows(reader.rows());
        std::iota(rows.begin(), rows.end(), std::uint64_t{0});
        std::vector<float> values(rows.size() * reader.row_shape().size());
        reader.read(rows, values, reader.row_shape().size());
        return values;
    }
    /// Rows, then the shape of a cell.
    std::vector<std::size_t> extents(const std::string& name) const {
        const io::ArrayReader reader(path("run.h5").string(), name, {});
        std::vector<std::size_t> all{reader.rows()};
        const auto cell = reader.row_shape().extents();
        all.insert(all.end(), cell.begin(), cell.end());
        return all;
    }
    std::string description() const { return io::describe_file(path("run.h5").string()); }
    bool is_sound() const { return io::verify_file(path("run.h5").string()).empty(); }
};

}  // namespace lockstep
