#include <lockstep/train/registry.h>

namespace lockstep {

Registry<Callback>& callback_registry() {
    static Registry<Callback> registry("callback");
    return registry;
}

void register_callback(const std::string& type, Registry<Callback>::Factory factory, TypeHelp help) {
    callback_registry().add(type, std::move(factory), std::move(help));
}

}  // namespace lockstep
