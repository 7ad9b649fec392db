#include <lockstep/core/shape.h>
#include <lockstep/log/log.h>

int main() {
    const lockstep::Shape shape{28, 28};
    lockstep::log::info("shape {} has {} elements", shape.to_string(), shape.size());
    return 0;
}
