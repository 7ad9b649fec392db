#include "small_model.h"

namespace lockstep::fuzz {

Sequential small_model() {
    Sequential model = Sequential::from_config(Config::from_json(
        R"({"input": [3], "layers": [{"type": "dense", "units": 2, "name": "a"},
                                     {"type": "dense", "units": 2, "name": "b"}]})"));
    model.build();
    return model;
}

}  // namespace lockstep::fuzz
