using System.Globalization;
using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments;
using Sim.Protocols.Benchmarks;

namespace Sim.Cli.Actions;

internal static class BenchRecordingAction
{
    private const int DefaultEnvironments = 4096;

    public static int Run(BenchRecordingRequest request, CommandOutput output)
    {
        var definition = Refusal.Of(() => Registry.Find(request.Environment));
        if (request.Folder is { } folder && !Directory.Exists(folder)) throw new BadInputException($"there is no folder {folder}");
        var cost = Refusal.Of(() => RecordingBenchmark.Measure(definition, request.Environments ?? DefaultEnvironments, request.Threads ?? 0, request.Folder));
        output.Line($"recording {cost.Environment}");
        output.Line(Text($"  1 kHz: {cost.KilohertzCpuMicroseconds:0.00} µs of processor time a step, {100 * cost.KilohertzShare:0.00} % of the period"));
        output.Line(Text($"         a call takes {cost.CallMedianMicroseconds:0.0} µs, 99.9 % of them less than {cost.Call999Microseconds:0.0} µs"));
        output.Line(Text($"  1 hour at 60 Hz: {cost.HourCpuSeconds:0.00} s of processor time, {100 * cost.HourShare:0.000} % of it; {cost.HourMegabytes:0.0} MB of memory, {cost.HourFileMegabytes:0.0} MB of file"));
        output.Line(Text($"  {cost.Environments} environments, {cost.Threads} threads: {SiPrefix.Format(cost.StepsPerSecond)} steps/s, {SiPrefix.Format(cost.RecordedStepsPerSecond)} recorded: {100 * cost.Kept:0} % are left"));
        output.Line(Text($"         {cost.MegabytesPerSecond:0} MB/s to the file, {cost.BytesAllocatedPerStep:0} bytes allocated a step"));
        output.Result(cost);
        return ExitCode.Success;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
