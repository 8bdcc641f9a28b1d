namespace Sim.Cli;

/// <summary>What the process returns to the shell.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>The work failed: a broken file, a full disk, a missing library.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong; nothing was written.</summary>
    public const int BadInput = 2;

    /// <summary>A recording cannot be played here: another version, other settings, or a foreign one.</summary>
    public const int Unsupported = 3;

    /// <summary>Interrupted by Ctrl-C after saving: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
