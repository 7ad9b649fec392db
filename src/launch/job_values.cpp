#include "job_values.h"

namespace lockstep {

Config required_table(const Config& tree, const char* name, const char* example) {
    Config table = tree.find(name);
    if (table.is_null())
        tree.fail(std::string("the table [") + name + "] is missing; for example:\n" + example);
    if (!table.is_table()) table.fail(std::string("expected a table [") + name + "]");
    return table;
}

Config required(const Config& table, const char* key, const char* example) {
    if (table.contains(key)) return table.at(key);
    const auto near = nearest(key, table.keys());
    table.fail(std::string("the key \"") + key + "\" is missing" +
               (near ? " (there is \"" + *near + "\")" : "") + "; for example: " + example);
}

}  // namespace lockstep
