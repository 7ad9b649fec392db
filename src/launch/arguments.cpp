#include "arguments.h"

#include <functional>
#include <sstream>
#include <string_view>

#include <CLI/CLI.hpp>

#include <lockstep/core/config.h>
#include <lockstep/core/error.h>

#include "build_info.h"

namespace lockstep {
namespace {

void add_log_flags(CLI::App& command, LogFlags& flags) {
    const auto level = [&flags](const std::string& text) { flags.level = log::parse_level(text); };
    const auto ranks = [&flags](const std::string& text) { flags.ranks = log::parse_ranks(text); };
    command.add_option_function<std::string>("--log-level", level, "trace, debug, info, warning or error")
        ->type_name("LEVEL");
    command.add_option_function<std::string>("--log-ranks", ranks, "whose lines to show: all, node, or 0,8")
        ->type_name("RANKS");
    command.add_flag("-q,--quiet", flags.quiet, "only warnings and errors, no progress");
    command.add_flag("-v,--verbose", flags.verbose, "as --log-level debug");
}

void add_overrides(CLI::App& command, Arguments& arguments) {
    command
        .add_option("--set", arguments.overrides,
                    "change the job: training.epochs=3, callbacks.csv_logger.path=x.csv")
        ->allow_extra_args(false)
        ->type_name("KEY=VALUE");
}

void add_job(CLI::App& command, Arguments& arguments) {
    command.add_option("job", arguments.job, "the job file")->required()->type_name("JOB.toml");
    add_overrides(command, arguments);
}

void add_weights(CLI::App& command, Arguments& arguments, const char* use) {
    command.add_option("--weights", arguments.weights, use)->type_name("FILE");
}

void add_train(CLI::App& command, Arguments& arguments) {
    command.add_option("job", arguments.job, "the job file; may be left out with --resume DIR")
        ->type_name("JOB.toml");
    add_overrides(command, arguments);
    command
        .add_option("--run-dir", arguments.run.run_dir,
                    "where the run lives, in place of <run.directory>/<run.name>")
        ->type_name("DIR");
    command
        .add_option("--resume", arguments.run.resume,
                    "continue the run in DIR; auto: the one in --run-dir, or start it")
        ->type_name("DIR|auto");
    command.add_flag("--overwrite", arguments.run.overwrite, "replace a run that is there");
    add_weights(command, arguments,
                "start from these weights, of Keras (.weights.h5) or of a checkpoint; as model.weights");
    add_log_flags(command, arguments.log);
}

void add_saved(CLI::App& command, Arguments& arguments, const char* what, const char* type) {
    command.add_option("target", arguments.target, what)->required()->type_name(type);
    command.add_option("--checkpoint", arguments.checkpoint, "which one of a run directory (default: last)")
        ->type_name("best|last|FILE");
    add_log_flags(command, arguments.log);
}

void add_network(CLI::App& command, Arguments& arguments) {
    add_saved(command, arguments, "a run directory, a checkpoint, or a job file whose weights are named",
              "DIR|CHECKPOINT|JOB.toml");
    add_weights(command, arguments, "take these weights, of Keras (.weights.h5) or of a checkpoint");
    command
        .add_option("--data", arguments.data,
                    "{ inputs = ..., targets = ... }, or a file with the job's dataset names")
        ->type_name("DATA");
}

void add_evaluate(CLI::App& command, Arguments& arguments) {
    add_network(command, arguments);
    command.add_flag("--json", arguments.json, "print JSON");
}

void add_predict(CLI::App& command, Arguments& arguments) {
    add_network(command, arguments);
    command.get_option("--data")->required();
    command.add_option("--output", arguments.output, "the HDF5 file to write")
        ->required()
        ->type_name("FILE.h5");
}

void add_export(CLI::App& command, Arguments& arguments) {
    add_saved(command, arguments, "a run directory or a checkpoint", "DIR|CHECKPOINT");
    command
        .add_option("--to", arguments.format,
                    "keras: weights for load_weights() of the same layers in Keras 3, in its files' layout")
        ->required()
        ->check(CLI::IsMember({"keras"}))
        ->type_name("keras");
    command.add_option("--output", arguments.output, "the file to write")
        ->required()
        ->type_name("FILE.weights.h5");
}

/// A job that is only looked at.
void add_look(CLI::App& command, Arguments& arguments) {
    add_job(command, arguments);
    command
        .add_option("--ranks", arguments.ranks,
                    "ranks per node that memory is told for (default: as many as are started)")
        ->check(CLI::PositiveNumber)
        ->type_name("N");
}

void add_list(CLI::App& command, Arguments& arguments) {
    command
        .add_option("kind", arguments.kind,
                    "layers, losses, metrics, optimizers, initializers, regularizers, constraints, "
                    "callbacks, sources or activations")
        ->type_name("KIND");
    command.add_option("name", arguments.name, "one of them: its keys")->type_name("NAME");
}

void add_inspect(CLI::App& command, Arguments& arguments) {
    command.add_option("file", arguments.target, "a run log, a checkpoint or any other HDF5 file")
        ->required()
        ->type_name("FILE.h5");
}

struct CommandSpec {
    const char* name;
    const char* summary;
    std::function<void(CLI::App&, Arguments&)> add;
};

const std::vector<CommandSpec>& command_specs() {
    static const std::vector<CommandSpec> specs{
        {"train", "train a network", add_train},
        {"evaluate", "loss and metrics of a trained network", add_evaluate},
        {"predict", "outputs of a trained network, to an HDF5 file", add_predict},
        {"export", "the weights of a trained network, for Keras", add_export},
        {"check", "look a job over without MPI: keys, files, shapes, memory", add_look},
        {"summary", "layers, shapes, parameters, FLOPs and memory of a job's network", add_look},
        {"list", "what a job file may name, with keys and defaults", add_list},
        {"inspect", "what is in an HDF5 file, and whether it is sound", add_inspect},
        {"doctor", "what may be wrong with this machine, and how to mend it", [](CLI::App&, Arguments&) {}},
    };
    return specs;
}

/// CLI11 only says that a command is needed.
void require_command(int argc, const char* const* argv) {
    if (argc < 2 || std::string_view(argv[1]).starts_with('-')) return;
    std::vector<std::string> names;
    std::string known;
    for (const CommandSpec& spec : command_specs()) {
        if (argv[1] == std::string_view(spec.name)) return;
        names.emplace_back(spec.name);
        known += (known.empty() ? "" : ", ") + names.back();
    }
    const auto near = nearest(argv[1], names);
    throw ConfigError(std::string("there is no command \"") + argv[1] + "\"" +
                      (near ? "; did you mean \"" + *near + "\"?" : "; there are: " + known));
}

}  // namespace

log::Options LogFlags::apply(log::Options options) const {
    if (verbose) options.level = log::Level::debug;
    if (level) options.level = *level;
    if (ranks) options.ranks = *ranks;
    options.quiet = options.quiet || quiet;
    return options;
}

ParsedArguments parse_arguments(int argc, const char* const* argv) {
    ParsedArguments parsed;
    CLI::App app("Lockstep trains neural networks on CPU clusters.", "lockstep");
    app.set_version_flag("--version", build_description());
    app.require_subcommand(1);
    for (const CommandSpec& spec : command_specs()) {
        CLI::App* command = app.add_subcommand(spec.name, spec.summary);
        spec.add(*command, parsed.arguments);
        command->callback([&parsed, &spec] { parsed.arguments.command = spec.name; });
    }
    try {
        require_command(argc, argv);
        app.parse(argc, argv);
        parsed.arguments.run = checked(parsed.arguments.run);
    } catch (const CLI::ParseError& error) {
        std::ostringstream out, complaint;
        const bool is_error = app.exit(error, out, complaint) != 0;
        parsed.text = out.str() + complaint.str();
        parsed.exit_code = static_cast<int>(is_error ? ExitCode::usage : ExitCode::success);
    } catch (const ConfigError& error) {
        parsed.text = std::string(error.what()) + "\n";
        parsed.exit_code = static_cast<int>(ExitCode::usage);
    }
    return parsed;
}

}  // namespace lockstep
