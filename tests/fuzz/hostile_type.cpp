#include "hostile_type.h"

namespace lockstep::fuzz {

namespace {

hid_t text(std::size_t size) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size);
    return type;
}

hid_t enumeration(int members) {
    const hid_t type = H5Tenum_create(H5T_STD_I8LE);
    for (signed char value = 0; value < members; ++value) {
        const char name[] = {static_cast<char>('A' + value), '\0'};
        H5Tenum_insert(type, name, &value);
    }
    return type;
}

hid_t half() {
    const hid_t type = H5Tcopy(H5T_IEEE_F32LE);
    H5Tset_fields(type, 15, 10, 5, 0, 10);
    H5Tset_size(type, 2);
    H5Tset_ebias(type, 15);
    return type;
}

hid_t odd_integer(FuzzedDataProvider& bytes) {
    const hid_t type = H5Tcopy(H5T_STD_I32BE);
    H5Tset_size(type, bytes.ConsumeIntegralInRange<std::size_t>(1, 40));
    H5Tset_precision(type, bytes.ConsumeIntegralInRange<std::size_t>(1, 80));
    H5Tset_offset(type, bytes.ConsumeIntegralInRange<std::size_t>(0, 16));
    return type;
}

/// Closes the type that it is made of.
hid_t compound(hid_t member) {
    const std::size_t size = H5Tget_size(member);
    const hid_t type = H5Tcreate(H5T_COMPOUND, size + 8);
    H5Tinsert(type, "number", 0, H5T_STD_I64LE);
    H5Tinsert(type, "member", 8, member);
    H5Tclose(member);
    return type;
}

hid_t array(hid_t element, hsize_t extent) {
    const hid_t type = H5Tarray_create2(element, 1, &extent);
    H5Tclose(element);
    return type;
}

hid_t variable(hid_t element) {
    const hid_t type = H5Tvlen_create(element);
    H5Tclose(element);
    return type;
}

}  // namespace

hid_t hostile_type(FuzzedDataProvider& bytes) {
    switch (bytes.ConsumeIntegralInRange(0, 19)) {
        case 0:
            return H5Tcopy(H5T_IEEE_F64BE);
        case 1:
            return H5Tcopy(H5T_STD_I8LE);
        case 2:
            return H5Tcopy(H5T_STD_U64BE);
        case 3:
            return H5Tcopy(H5T_STD_I64LE);
        case 4:
            return half();
        case 5:
            return enumeration(2);
        case 6:
            return enumeration(5);
        case 7:
            return text(bytes.ConsumeIntegralInRange<std::size_t>(1, 70'000));
        case 8:
            return text(H5T_VARIABLE);
        case 9:
            return variable(H5Tcopy(H5T_STD_I32LE));
        case 10:
            return compound(hostile_type(bytes));
        case 11:
            return array(hostile_type(bytes), bytes.ConsumeIntegralInRange<hsize_t>(1, 1 << 20));
        case 12:
            return H5Tcreate(H5T_OPAQUE, bytes.ConsumeIntegralInRange<std::size_t>(1, 1 << 30));
        case 13:
            return H5Tcopy(H5T_STD_B16BE);
        case 14:
            return H5Tcopy(H5T_STD_REF_OBJ);
        case 15:
            return odd_integer(bytes);
        case 16:
            return H5Tcopy(H5T_NATIVE_LDOUBLE);
        default:
            return H5Tcopy(H5T_IEEE_F32LE);
    }
}

}  // namespace lockstep::fuzz
