#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hdf5.h>

#include "handle.h"

namespace lockstep::io {

/// Attributes of `object`, a file, group or dataset. Writing replaces what was there. `path` is for messages;
/// all throw IoError.
void write_attribute(hid_t object, const std::string& name, std::int64_t value, const std::string& path);
void write_attribute(hid_t object, const std::string& name, double value, const std::string& path);
/// UTF-8 of fixed length.
void write_attribute(hid_t object, const std::string& name, const std::string& value,
                     const std::string& path);
/// UTF-8 of variable length, which our own files do without: h5py reads it as str.
void write_variable_text(hid_t object, const std::string& name, const std::string& value,
                         const std::string& path);

/// On the root of `file`; a text too long for an attribute becomes the dataset /text/<name>, one string.
void write_text(hid_t file, const std::string& name, const std::string& value, const std::string& path);

bool has_attribute(hid_t object, const std::string& name);
/// Throw DataError if there is no such attribute or it has another type.
std::int64_t read_integer(hid_t object, const std::string& name, const std::string& path);
double read_real(hid_t object, const std::string& name, const std::string& path);
/// Of the root of `file`, from the attribute or from /text/<name>. Throw DataError if a link on the way there
/// is not a hard one.
std::string read_text(hid_t file, const std::string& name, const std::string& path);
bool has_text(hid_t file, const std::string& name, const std::string& path);

/// In order.
std::vector<std::string> attribute_names(hid_t object, const std::string& path);

/// A type of `bytes` (> 0) bytes, padded with zeros, or of H5T_VARIABLE; labelled ASCII or UTF-8.
Handle text_type(std::size_t bytes, bool is_ascii = false);

/// `name` as "unit = \"s\"", for people.
std::string attribute_as_text(hid_t object, const std::string& name, const std::string& path);

}  // namespace lockstep::io
