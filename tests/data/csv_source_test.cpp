#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <lockstep/data/csv_source.h>
#include <lockstep/data/registry.h>

#include "counting_source.h"
#include "error_of.h"
#include "scratch_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CsvSourceTest : public ScratchTest {
protected:
    std::string save(const std::string& name, const std::string& text) const {
        return write(name, std::as_bytes(std::span(text)));
    }
    std::unique_ptr<Source> from_job(const std::string& keys) const {
        Config data = Config::from_json(R"({"source": "csv", )" + keys + "}");
        data.set_origin({"job.toml", 6}, "data");
        return make_source(data, DataPart::train, directory_);
    }
    /// The inputs of a file with these contents, all rows.
    std::vector<float> inputs_of(const std::string& text, const std::string& keys = "") const {
        save("x.csv", text);
        const auto source = from_job(R"("train": {"file": "x.csv"})" + keys);
        return read_rows(*source, range(0, source->size())).inputs;
    }
    std::string message_for(const std::string& text, const std::string& keys = "") const {
        return error_of<DataError>([&] { inputs_of(text, keys); });
    }
};

TEST_F(CsvSourceTest, ColumnsByNameAndIndex) {
    save("a.csv", "id,age,height,label,w\n1,30,1.5,2,0.5\n2,41,1.75,0,1.5\n");
    const auto source = from_job(R"("train": {"file": "a.csv", "inputs": ["height", 1], "targets": "label",
                                              "sample_weight": "w"}, "scale": 2)");
    EXPECT_EQ(source->size(), 2U);
    EXPECT_EQ(source->input_shape(), Shape{2});
    EXPECT_EQ(source->target_shape(), Shape{1});
    EXPECT_EQ(source->describe(), "csv a.csv");
    const Rows rows = read_rows(*source, {1, 0, 1}, true);
    EXPECT_THAT(rows.inputs, ElementsAre(3.5, 82, 3, 60, 3.5, 82));
    EXPECT_THAT(rows.targets, ElementsAre(0, 2, 0));
    EXPECT_THAT(rows.weights, ElementsAre(1.5, 0.5, 1.5));
}

TEST_F(CsvSourceTest, InputsAreAllOtherColumns) {
    save("a.csv", "y;x1;w;x2\n0;1;2;3\n");
    const auto source =
        from_job(R"("train": {"file": "a.csv", "targets": ["y"], "sample_weight": 2}, "separator": ";")");
    EXPECT_THAT(read_rows(*source, {0}).inputs, ElementsAre(1, 3));
}

TEST_F(CsvSourceTest, FilesFindTheirColumnsByTheirOwnHeader) {
    save("run_1.csv", "a,b,y\n1,2,3\n");
    save("run_2.csv", "y,extra,b,a\n6,0,5,4\n9,0,8,7\n");
    const auto source = from_job(R"("train": {"file": "run_*.csv", "targets": "y"})");
    EXPECT_EQ(source->size(), 3U);
    EXPECT_EQ(source->describe(), "csv run_1.csv and 1 more");
    const Rows rows = read_rows(*source, {2, 1, 0});
    EXPECT_THAT(rows.inputs, ElementsAre(7, 8, 4, 5, 1, 2));
    EXPECT_THAT(rows.targets, ElementsAre(9, 6, 3));
}

TEST_F(CsvSourceTest, WithoutAHeaderColumnsHaveIndices) {
    const std::string header = R"(, "header": false)";
    EXPECT_THAT(inputs_of("1,2\n3,4\n", header), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(inputs_of("1,2\n3,4\n", header + R"(, "inputs": 1)"), ElementsAre(2, 4));
    EXPECT_THAT(
        message_for("1,2\n", header + R"(, "inputs": "b")"),
        HasSubstr("x.csv:1: column \"b\": without a header columns have no names; give its index, from 0"));
    save("x2.csv", "5,6,7\n");
    EXPECT_THAT(error_of<DataError>([&] { from_job(R"("train": {"file": "x*.csv"})" + header); }),
                HasSubstr("x2.csv:1: expected 2 columns, as in the files before, got 3"));
}

TEST_F(CsvSourceTest, QuotesAndLineEnds) {
    EXPECT_THAT(inputs_of("\"a \"\"x\"\", b\",\"c\nd\"\r\n\"1\",2\r\n\r\n3,\" 4 \""),
                ElementsAre(1, 2, 3, 4));
    const std::string header = "\xEF\xBB\xBF\"a \"\"x\"\", b\",\"c\nd\"\n1,2\n";
    EXPECT_THAT(inputs_of(header, R"(, "inputs": "a \"x\", b")"), ElementsAre(1))
        << "without the byte order mark";
    EXPECT_THAT(inputs_of(header, R"(, "inputs": "c\nd")"), ElementsAre(2));
}

TEST_F(CsvSourceTest, Numbers) {
    EXPECT_THAT(inputs_of("x\n0.1\n-1.5e3\n+2\n .5\n5.\n16777217\n1e-60\n"),
                ElementsAre(0.1F, -1500, 2, 0.5, 5, 16777216, 0));
    for (const char* text : {"abc", "1.5x", "1,5", "0x10", "--1", "+-1", "1e400", "3.5e38", "inf", "1 2"}) {
        const std::string line = std::string("x;y\n1;2\n3;") + text + "\n";
        EXPECT_THAT(message_for(line, R"(, "separator": ";")"),
                    HasSubstr("x.csv:3: column \"y\": expected a number, got \"" + std::string(text) + "\""));
    }
}

TEST_F(CsvSourceTest, MissingValuesAreErrorsUnlessTheyAreGivenOne) {
    for (const char* text : {"", " ", "NA", "nan", "NaN", "null", "N/A", "NULL"}) {
        const std::string lines = std::string("x,y\n1,2\n") + text + ",3\n";
        EXPECT_THAT(message_for(lines),
                    HasSubstr("x.csv:3: column \"x\": there is no value; the key `missing`"));
        EXPECT_THAT(inputs_of(lines, R"(, "missing": -1, "scale": 2)"), ElementsAre(2, 4, -2, 6));
    }
    EXPECT_THAT(message_for("x,y\n1,\n", R"(, "missing": 0, "targets": "y")"),
                HasSubstr("x.csv:2: column \"y\": there is no value"));
    EXPECT_THAT(error_of<ConfigError>([&] { inputs_of("x\n1\n", R"(, "missing": "median")"); }),
                HasSubstr("data.missing: expected \"error\", \"mean\" or a number, got \"median\""));
}

TEST_F(CsvSourceTest, MissingValuesBecomeTheMeansOfTheTrainingData) {
    save("train_1.csv", "a,b,y\n1,10,0\n,30,1\n");
    save("train_2.csv", "a,b,y\n4,NA,0\n");
    save("test.csv", "y,a,b\n1,,\n0,7,8\n");
    Config data = Config::from_json(R"({"source": "csv", "targets": "y", "missing": "mean", "scale": 2,
        "train": {"file": "train_*.csv"}, "test": {"file": "test.csv"}})");
    data.set_origin({"job.toml", 6}, "data");
    const auto training = make_source(data, DataPart::train, directory_);
    EXPECT_THAT(read_rows(*training, {0, 1, 2}).inputs, ElementsAre(2, 20, 5, 60, 8, 40));
    const auto test = make_source(data, DataPart::test, directory_);
    EXPECT_THAT(read_rows(*test, {0, 1}).inputs, ElementsAre(5, 40, 14, 16));

    data.erase("train");
    EXPECT_THAT(error_of<ConfigError>([&] { make_source(data, DataPart::test, directory_); }),
                HasSubstr("job.toml:6: data.missing: the means are those of the training data"));
    EXPECT_THAT(message_for("a,b\n1,\n2,\n", R"(, "missing": "mean")"),
                HasSubstr("csv x.csv: column \"b\": there is no value of which to take the mean"));
    EXPECT_THAT(message_for("y,b\n,1\n", R"(, "missing": "mean", "targets": "y")"),
                HasSubstr("x.csv:2: column \"y\": there is no value"));
}

TEST_F(CsvSourceTest, MalformedFilesAreNamedByLine) {
    EXPECT_THAT(message_for("a,b\n1,2\n\n3\n"),
                HasSubstr("x.csv:4: expected 2 fields, as in the first line, got 1"));
    EXPECT_THAT(message_for("a,\"b\nc\"\n1,2\n3,4,5\n"), HasSubstr("x.csv:4: expected 2 fields"));
    EXPECT_THAT(message_for("a,b\n1,\"2\n"), HasSubstr("x.csv:2: a quote is never closed"));
    EXPECT_THAT(message_for("a,b\n1,2\" and \"\n"), HasSubstr("x.csv:2: field 1: a quote inside a field"));
    EXPECT_THAT(message_for("a,b\n\"1\"0,2\n"),
                HasSubstr("x.csv:2: field 0: expected \",\" behind the closing quote, got \"0\""));
    EXPECT_THAT(message_for(""), HasSubstr("x.csv: expected rows, got an empty file"));
    EXPECT_THAT(message_for("a,b\n" + std::string(70 << 20, '"')),
                HasSubstr("x.csv:2: a record of more than 64 MiB"));
}

TEST_F(CsvSourceTest, ColumnsThatAreNotThereAreNamed) {
    const std::string table = "age,height,age\n1,2,3\n";
    EXPECT_THAT(message_for(table, R"(, "inputs": "hight")"),
                HasSubstr("x.csv:1: there is no column \"hight\"; did you mean \"height\"?"));
    EXPECT_THAT(message_for(table, R"(, "inputs": "z")"), HasSubstr("there are: age, height, age"));
    EXPECT_THAT(message_for(table, R"(, "inputs": 3)"), HasSubstr("there is no column 3; expected 0 to 2"));
    EXPECT_THAT(message_for(table, R"(, "inputs": "age")"), HasSubstr("two columns are called \"age\""));
    EXPECT_THAT(message_for(table, R"(, "targets": [0, 1, 2])"),
                HasSubstr("expected columns beside targets"));
}

TEST_F(CsvSourceTest, KeysAreChecked) {
    const auto message = [&](const std::string& keys) {
        return error_of<ConfigError>([&] { inputs_of("a\n1\n", keys); });
    };
    EXPECT_THAT(message(R"(, "separator": "ab")"),
                HasSubstr("data.separator: expected one character, got \"ab\""));
    EXPECT_THAT(message(R"(, "separator": "\"")"), HasSubstr("expected a separator that is no quote"));
    EXPECT_THAT(message(R"(, "inputs": [])"), HasSubstr("data.inputs: expected a value or a list of values"));
    EXPECT_THAT(message(R"(, "inputs": -1)"), HasSubstr("data.inputs"));
    EXPECT_THAT(message(R"(, "sample_weight": ["a"])"), HasSubstr("expected one column, got a list"));
}

TEST_F(CsvSourceTest, LongFilesAlsoCompressed) {
    constexpr int kRows = 200'000;  // longer than what is read at once
    std::string text = "a,\"long name, in quotes\"\n";
    for (int row = 0; row < kRows; ++row)
        text += std::to_string(row) + ",\"" + std::to_string(row % 7) + "\"\n";
    gzFile file = gzopen(path("a.csv.gz").c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    save("a.csv", text);
    for (const char* name : {"a.csv", "a.csv.gz"}) {
        const auto source = from_job(R"("train": {"file": ")" + std::string(name) + R"(", "targets": 1})");
        EXPECT_EQ(source->size(), kRows);
        const Rows rows = read_rows(*source, range(0, kRows));
        for (int row = 0; row < kRows; ++row) {
            ASSERT_EQ(rows.inputs[static_cast<std::size_t>(row)], static_cast<float>(row)) << name;
            ASSERT_EQ(rows.targets[static_cast<std::size_t>(row)], static_cast<float>(row % 7)) << name;
        }
    }
}

TEST_F(CsvSourceTest, LongFieldsAreNotRepeated) {
    const std::string message = message_for("a,b\n1," + std::string(100'000, 'x') + "\n");
    EXPECT_THAT(message, HasSubstr("expected a number, got \"xxx"));
    EXPECT_LT(message.size(), 500U);
}

}  // namespace
}  // namespace lockstep
