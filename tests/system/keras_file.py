"""The layout of Keras 3's .weights.h5 files, written down from Keras' sources (of 2026) and independently of ours.

keras/src/saving/saving_lib.py walks over a Sequential: the model's own variables are in /vars; layer by layer of its
list `layers`, the variables that the layer made are /layers/<class in snake case>[_<count>]/vars/<number>; those of a
layer in one of its attributes are below a group of the attribute's name. Each group `vars` has the attribute `name`.
"""

import re

import h5py


def snake_case(name):
    """keras/src/utils/naming.py: "PReLU" becomes "p_re_lu"."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def layer_groups(classes):
    """The groups of layers of these classes, in order: "layers/dense", "layers/dense_1", ..."""
    counts = {}
    for name in map(snake_case, classes):
        counts[name] = counts.get(name, -1) + 1
        yield "layers/" + (f"{name}_{counts[name]}" if counts[name] else name)


def write_variables(file, group, name, variables):
    entry = file.create_group(f"{group}/vars" if group else "vars")
    entry.attrs["name"] = name
    for number, value in enumerate(variables):
        entry[str(number)] = value


def write(path, layers, optimizer=()):
    """A file as Keras writes it. layers: (class, {attribute: variables}), the layer's own under ""."""
    with h5py.File(path, "w") as file:
        write_variables(file, "", "sequential_7", [])
        for group, (kind, parts) in zip(layer_groups(kind for kind, _ in layers), layers):
            write_variables(file, group, f"my_{snake_case(kind)}", parts.get("", []))
            for attribute, variables in parts.items():
                if attribute:
                    write_variables(file, f"{group}/{attribute}", attribute, variables)
        if optimizer:
            write_variables(file, "optimizer", "adam", optimizer)


def read(path):
    """All variables by their place, and the name of each group of them."""
    variables, names = {}, {}

    def visit(place, item):
        if isinstance(item, h5py.Dataset):
            variables[place] = item[()]
        elif place.endswith("vars"):
            names[place] = item.attrs.get("name")

    with h5py.File(path, "r") as file:
        file.visititems(visit)
    return variables, names
