using System.Runtime.Intrinsics;

namespace Sim.Environments;

/// <summary>Fills in what the caller left to us, and refuses what no batch can be.</summary>
internal static class BatchOptions
{
    /// <summary>Below this many environments a thread, waking it costs more than it steps.</summary>
    private const int FewestEnvironmentsAThread = 512;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it.</exception>
    public static EnvironmentOptions Resolve(EnvironmentOptions options)
    {
        if (options.Count is < 1 or > 1 << 22)
            throw new ArgumentOutOfRangeException(nameof(options), options.Count, $"count must be 1 to {1 << 22}");
        if (options.Threads is < 0 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, "threads must be 0 (automatic) to 1024");
        if (options.Lanes is not (0 or 1 or 8 or 16))
            throw new ArgumentOutOfRangeException(nameof(options), options.Lanes, "lanes must be 0 (automatic), 1, 8 or 16");
        return options with
        {
            Lanes = options.Lanes != 0 ? options.Lanes : Widest(options.Count),
            Threads = options.Threads != 0
                ? options.Threads
                : Math.Clamp(options.Count / FewestEnvironmentsAThread, 1, Environment.ProcessorCount),
        };
    }

    private static int Widest(int count)
    {
        if (count == 1 || !Vector256.IsHardwareAccelerated) return 1;
        return count > 8 && Vector512.IsHardwareAccelerated ? 16 : 8;
    }
}
