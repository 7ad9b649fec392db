#include <string>
#include <utility>

#include <lockstep/data/augmentations/gaussian_noise.h>
#include <lockstep/data/augmentations/random_crop.h>
#include <lockstep/data/augmentations/random_flip.h>
#include <lockstep/data/augmentations/random_rotation.h>
#include <lockstep/data/augmentations/random_translation.h>
#include <lockstep/data/registry.h>

namespace lockstep {

namespace {

template <typename T>
void add(Registry<Augmentation>& registry, const char* type) {
    registry.add(type, T::from_config, T::help());
}

}  // namespace

Registry<Augmentation>& augmentation_registry() {
    static Registry<Augmentation> registry = [] {
        Registry<Augmentation> built_in("augmentation");
        add<AdditiveGaussianNoise>(built_in, "gaussian_noise");
        add<RandomCrop>(built_in, "random_crop");
        add<RandomFlip>(built_in, "random_flip");
        add<RandomRotation>(built_in, "random_rotation");
        add<RandomTranslation>(built_in, "random_translation");
        return built_in;
    }();
    return registry;
}

void register_augmentation(const std::string& type, Registry<Augmentation>::Factory factory, TypeHelp help) {
    augmentation_registry().add(type, std::move(factory), std::move(help));
}

}  // namespace lockstep
