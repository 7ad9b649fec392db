#pragma once

#include <memory>
#include <string>

#include <lockstep/core/config.h>
#include <lockstep/core/registry.h>
#include <lockstep/data/augmentation.h>
#include <lockstep/data/source.h>

namespace lockstep {

/// Which of the parts of a [data] table is being opened.
enum class DataPart { train, validation, test };

/// The kinds of sources that job files can name; the built-in ones are there from the start. A factory gets
/// one table: the keys of the part, those of [data] that the part does not have itself, `part` ("train",
/// "validation" or "test"), `directory`, where relative paths begin (see data_file() in paths.h): the part's
/// own if it has one, and for the other parts `train`, the table of the training data if there are any. Keys
/// that it never asks for are errors of the job file. `first` and the keys about normalization, splitting,
/// augmentation and caching are not its concern.
///
///     register_source("waves", [](const Config& keys) { return
///     std::make_unique<Waves>(keys.get<std::size_t>("samples")); });
Registry<Source>& source_registry();
void register_source(const std::string& type, Registry<Source>::Factory factory, TypeHelp help = {});

/// The augmentations that job files can name in data.augmentation; the built-in ones are there from the
/// start.
///
///     register_augmentation("grey", [](const Config& keys) { return std::make_unique<Grey>(); });
Registry<Augmentation>& augmentation_registry();
void register_augmentation(const std::string& type, Registry<Augmentation>::Factory factory,
                           TypeHelp help = {});

/// Opens one part of a [data] table. `directory`: where relative paths begin (the job file's). ${VAR} in
/// paths is expanded; `first = N` leaves only the first N samples. Throws ConfigError, DataError or IoError.
std::unique_ptr<Source> make_source(const Config& data, DataPart part, const std::string& directory);

}  // namespace lockstep
