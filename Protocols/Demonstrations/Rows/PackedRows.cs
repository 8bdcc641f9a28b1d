using System.Runtime.InteropServices;

namespace Sim.Protocols.Demonstrations.Rows;

/// <summary>An episode begins in a lane.</summary>
/// <param name="FirstStep">The file's step that is its first.</param>
/// <param name="Seed">Seed of the start.</param>
/// <param name="Number">Number of the episode since the reset that gave the seed.</param>
/// <param name="Lane">Where.</param>
/// <param name="Hash">Of the state it starts from.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct BeginRow(ulong FirstStep, ulong Seed, uint Number, int Lane, StateHash Hash);

/// <summary>The running episode of a lane ends.</summary>
/// <param name="EndStep">The step behind its last.</param>
/// <param name="Hash">Of its final observation; zero where it was broken off.</param>
/// <param name="Lane">Where.</param>
/// <param name="Length">Its steps in this file.</param>
/// <param name="Return">What the environment gives as its return; NaN where it was broken off.</param>
/// <param name="Reason">An <see cref="EpisodeEnding"/>.</param>
/// <param name="Success">0 no, 1 yes, 2 the task does not say.</param>
/// <param name="Reserved">0.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct EndRow(ulong EndStep, StateHash Hash, int Lane, int Length, float Return, byte Reason, byte Success, ushort Reserved);

/// <summary>The state of a lane before a step.</summary>
/// <param name="Step">The step that comes next.</param>
/// <param name="Hash">Of the state.</param>
/// <param name="Lane">Whose.</param>
/// <param name="Snapshot">Number of its snapshot in the chunk; −1 where only the hash is kept.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct StateRow(ulong Step, StateHash Hash, int Lane, int Snapshot);

/// <summary>One input of a person.</summary>
/// <param name="Step">The step that is the first to feel it.</param>
/// <param name="Received">Microseconds since 1970 (UTC) when it came in.</param>
/// <param name="DeviceMilliseconds">By the clock of the device.</param>
/// <param name="Device">Number of the device in the chunk's header.</param>
/// <param name="Kind">An <see cref="InputKind"/>.</param>
/// <param name="Reserved">0.</param>
/// <param name="Lane">Which environment it is for.</param>
/// <param name="Code">Which axis, button or key.</param>
/// <param name="Value">As the device gives it, before any mapping.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct InputRow(ulong Step, long Received, double DeviceMilliseconds, ushort Device, byte Kind, byte Reserved, int Lane, int Code, float Value);

/// <summary>What a step did, beside its reward.</summary>
[Flags]
public enum StepFlags : byte
{
    None = 0,
    Terminated = 1,
    Truncated = 2,
    Faulted = 4,

    /// <summary>The episode counts as a success as it stands.</summary>
    Success = 8,

    /// <summary>Either of the two ends.</summary>
    Ended = Terminated | Truncated,
}
